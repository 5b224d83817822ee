import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { canonicalJson } from "../audit/chain";
import { authorise } from "../auth/actor";
import { assertZoneInDatabase } from "../db/known-zone";
import { meters } from "../db/schema";
import { withTx } from "../db/tx";
import { assertNotAttached } from "../devices/attach-meters";
import { lockLiveDevice } from "../devices/internal";
import { Conflict, InvalidInput, NotFound, NotPossibleNow } from "../errors";
import { noteWholeMeter } from "../findings/note-changes";
import { restateCalls } from "../quotas/stated-calls";
import { checkCredential, checkSettings } from "./check-source";
import { credentialContext, getMeterRow, type MeterRow, type SealingCtx, toDtoWithState } from "./internal";
import { type MeterDto, updateMeterInput } from "./schemas";

const columns = [
  "name",
  "dataSourceType",
  "dataSource",
  "timezone",
  "region",
  "capacityKw",
  "deviceId",
  "settings",
] as const;

/**
 * Changes what is given and keeps the rest, the credential too. A meter that people upload files to can be given a source, once. Throws Conflict where somebody changed the meter after
 * `version`, NotPossibleNow for an archived meter and for a zone that stored days already follow.
 */
export async function updateMeter(ctx: SealingCtx, input: z.input<typeof updateMeterInput>): Promise<MeterDto> {
  const { meterId, version, dataCredentials, type, dataSourceType, ...changes } = updateMeterInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  if (changes.deviceId !== undefined) authorise(ctx.actor, "devices:edit");
  const { secrets } = ctx.worker;
  return withTx(ctx.db, async (tx) => {
    // Devices before meters: their own verbs lock in that order.
    if (changes.deviceId) await lockLiveDevice(tx, changes.deviceId);
    const before = await getMeterRow(tx, meterId, true);
    assertMayChange(before, version);
    assertMayCollect(before, { type, dataSourceType });
    const source = dataSourceType ?? before.dataSourceType;
    const isNewSource = source !== before.dataSourceType;
    if (changes.timezone !== undefined && changes.timezone !== before.timezone && before.newestReadingAt) {
      throw new NotPossibleNow(
        "This meter has readings, and their daily sums follow its time zone. Archive it and add it anew with the right one.",
      );
    }
    if (changes.deviceId) await assertNotAttached(tx, before, changes.deviceId);
    if (changes.timezone !== undefined) await assertZoneInDatabase(tx, changes.timezone);
    const connector = checkSettings({
      type: before.type,
      dataSourceType: source,
      dataSource: changes.dataSource ?? before.dataSource,
      settings: changes.settings ?? before.settings,
    });
    const credential =
      dataCredentials === undefined && !isNewSource
        ? undefined
        : checkCredential(connector, source, dataCredentials, ctx.worker);
    const diff = differences(before, { ...changes, dataSourceType: source });
    if (!credential && Object.keys(diff).length === 0) return toDtoWithState(tx, before);
    const sealed = credential && secrets.seal(credential.text, credentialContext(meterId));
    const [after] = await tx
      .update(meters)
      .set({
        ...changes,
        dataSourceType: source,
        ...(isNewSource && { lastTest: null }),
        dataCredentials: sealed?.sealed,
        credentialsKeyId: sealed?.keyId,
        accountKey: credential?.accountKey,
        credentialHint: credential?.hint,
        version: sql`${meters.version} + 1`,
        updatedAt: sql`now()`,
      })
      .where(eq(meters.id, meterId))
      .returning();
    if (!after) throw new NotFound("There is no such meter.");
    const isCheckedByOthers = Object.keys(diff).some((key) => key === "capacityKw" || key.startsWith("settings."));
    if (isCheckedByOthers) await noteWholeMeter(tx, meterId);
    for (const account of new Set([before.accountKey, after.accountKey])) await restateCalls(tx, after.type, account);
    const updated = await toDtoWithState(tx, after);
    await audit(tx, ctx.actor, "meter.updated", {
      objectType: "meter",
      objectId: meterId,
      meterId,
      details: { changed: diff, ...(credential ? { credential: isNewSource ? "set" : "replaced" } : {}) },
    });
    return updated;
  });
}

function assertMayChange(before: MeterRow, version: number | undefined): void {
  if (before.archivedAt) throw new NotPossibleNow("This meter is archived: it cannot be changed.");
  if (version !== undefined && version !== before.version) {
    throw new Conflict("Somebody changed this meter in the meantime: look at it again, then repeat your change.");
  }
}

/** Files that people brought belong to no source: one that comes later changes nothing about them. */
function assertMayCollect(before: MeterRow, wanted: { type?: string; dataSourceType?: string }): void {
  for (const field of ["type", "dataSourceType"] as const) {
    if (wanted[field] === undefined || wanted[field] === before[field]) continue;
    if (field === "dataSourceType" && before.dataSourceType === "UPLOAD") continue;
    const sentence = `This stays ${before[field]}: what was collected belongs to it. Add another meter instead.`;
    throw new InvalidInput(sentence, { [field]: sentence });
  }
}

/** From and to of every field that is given and differs; settings key by key. */
function differences(before: MeterRow, changes: Partial<Pick<MeterRow, (typeof columns)[number]>>) {
  const diff: Record<string, { from: unknown; to: unknown }> = {};
  for (const field of columns) {
    const to = changes[field];
    if (to === undefined) continue;
    if (field !== "settings") compare(field, before[field], to);
    else {
      const old = before.settings;
      const fresh = changes.settings ?? {};
      for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
        compare(`settings.${key}`, old[key] ?? null, fresh[key] ?? null);
      }
    }
  }
  return diff;

  function compare(field: string, from: unknown, to: unknown): void {
    if (canonicalJson(from) !== canonicalJson(to)) diff[field] = { from, to };
  }
}
