import { z } from "zod";
import { roles } from "../auth/roles";
import type { apiTokens } from "../db/schema";
import { instant, instantOut } from "../http/fields";

export const createTokenInput = z.strictObject({
  name: z.string().trim().min(1).max(100).meta({ title: "Name", description: "What will use it." }),
  role: z.enum(roles).meta({ title: "Role" }),
  meterIds: z
    .array(z.uuid())
    .min(1, "Choose at least one meter, or leave it out for all.")
    .max(1_000)
    .nullish()
    .meta({ title: "Meters", description: "Left out: all meters." }),
  expiresAt: instant.nullish().meta({ title: "Expires", description: "Left out: never." }),
});

export const revokeTokenInput = z.strictObject({ tokenId: z.uuid() });

export const tokenDto = z.object({
  id: z.uuid(),
  name: z.string(),
  /** First characters, to tell tokens apart. */
  prefix: z.string(),
  role: z.enum(roles),
  meterIds: z.array(z.uuid()).nullable(),
  createdBy: z.string(),
  expiresAt: instantOut.nullable(),
  lastUsedAt: instantOut.nullable(),
  revokedAt: instantOut.nullable(),
  createdAt: instantOut,
});
export type TokenDto = z.input<typeof tokenDto>;

export function toDto(row: typeof apiTokens.$inferSelect): TokenDto {
  const { tokenHash: _hash, ...rest } = row;
  return rest;
}
