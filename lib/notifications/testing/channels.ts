import { randomBytes } from "node:crypto";
import type { Db } from "../../db/client";
import { notificationChannels } from "../../db/schema";
import { newId } from "../../ids";
import { createSecretBox } from "../../secrets";
import { sealTarget, type Target } from "../channels/target";
import { incidentKinds } from "../incidents/kinds";

export const testSecrets = createSecretBox([{ id: "test", key: randomBytes(32) }], randomBytes(32));

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
