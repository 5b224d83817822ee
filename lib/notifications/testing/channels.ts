import { randomBytes } from "node:crypto";
import type { Db } from "../../db/client";
import { notificationChannels } from "../../db/schema";
import { newId } from "../../ids";
import { secretBoxOf } from "../../runtime";
import { sealTarget, type Target } from "../channels/target";
import { incidentKinds } from "../incidents/kinds";

export const testKeys = {
  METERPROOF_SECRET_KEYS: `test:${randomBytes(32).toString("base64")}`,
  METERPROOF_FINGERPRINT_KEY: randomBytes(32).toString("base64"),
};
export const testSecrets = secretBoxOf(testKeys);

/** A channel that is told of everything. Its row alone: no verb runs, nothing is audited. */
export async function aChannel(
  db: Db,
  values: Partial<typeof notificationChannels.$inferInsert> = {},
  target: Target = { kind: "webhook", url: "https://example.com/hook", secret: "whsec_test" },
) {
  const id = newId();
  const [row] = await db
    .insert(notificationChannels)
    .values({
      ...sealTarget(testSecrets, id, target),
      id,
      name: "Operations",
      kind: target.kind,
      targetHint: "example.com",
      kinds: incidentKinds.map(({ kind }) => kind),
      createdBy: "test",
      ...values,
    })
    .returning();
  if (!row) throw new Error("The insert returned no row.");
  return row;
}
