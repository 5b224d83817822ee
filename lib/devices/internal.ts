import { and, asc, eq, inArray, isNull, ne } from "drizzle-orm";
import { meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { devices, meters } from "../db/schema";
import { lockInTx } from "../db/tx";
import { Conflict, NotFound, NotPossibleNow } from "../errors";
import type { MrvConfig } from "../guardian/mrv-config";
import type { SecretBox } from "../secrets";
import { deviceFields } from "./config/device-fields";
import type { DeviceDto, DeviceSummary } from "./schemas";

export type DeviceRow = typeof devices.$inferSelect;

/** Throws NotFound. Archived devices are found too. */
export async function getDeviceRow(db: Db, deviceId: string, lock = false): Promise<DeviceRow> {
  const query = db.select().from(devices).where(eq(devices.id, deviceId));
  const [row] = await (lock ? query.for("update") : query);
  if (!row) throw new NotFound("There is no such device.");
  return row;
}

/** A device in use, locked until the transaction ends. Lock it before its meters: every verb does so in that order. */
export async function lockLiveDevice(tx: Db, deviceId: string, version?: number): Promise<DeviceRow> {
  const row = await getDeviceRow(tx, deviceId, true);
  if (row.archivedAt) throw new NotPossibleNow(`${row.name} is archived: it cannot be used or changed.`);
  if (version !== undefined && version !== row.version) {
    throw new Conflict("Somebody changed this device in the meantime: look at it again, then repeat your change.");
  }
  return row;
}

/** The device in use that has this DID and policy already, other than `exceptId`. */
export async function findSameDevice(
  db: Db,
  { did, policyId }: Pick<MrvConfig, "did" | "policyId">,
  exceptId?: string,
): Promise<{ id: string; name: string } | null> {
  const [same] = await db
    .select({ id: devices.id, name: devices.name })
    .from(devices)
    .where(
      and(
        eq(devices.did, did),
        eq(devices.policyId, policyId),
        isNull(devices.archivedAt),
        exceptId === undefined ? undefined : ne(devices.id, exceptId),
      ),
    );
  return same ?? null;
}

/** Throws Conflict with the other's name. Two who add the same device at once take turns. */
export async function assertOnlyDevice(tx: Db, config: Pick<MrvConfig, "did" | "policyId">, exceptId?: string) {
  await lockInTx(tx, `device ${config.policyId} ${config.did}`);
  const same = await findSameDevice(tx, config, exceptId);
  if (same) {
    throw new Conflict(`${same.name} is this device of this policy already: replace its config, or archive it first.`);
  }
}

/** What a key is sealed to: it does not open in another row. */
export function deviceKeyContext(deviceId: string): string {
  return `devices.device_key:${deviceId}`;
}

export function sealDeviceKey(box: Pick<SecretBox, "seal">, deviceId: string, seed: Buffer) {
  const { sealed, keyId } = box.seal(seed.toString("base64url"), deviceKeyContext(deviceId));
  return { deviceKey: sealed, deviceKeyId: keyId };
}

/** The 32 bytes of the private key. Throws SecretUnreadable. */
export function openDeviceKey(box: Pick<SecretBox, "open">, row: Pick<DeviceRow, "id" | "deviceKey">): Buffer {
  return Buffer.from(box.open(row.deviceKey, deviceKeyContext(row.id)), "base64url");
}

/** What of a config is shown. Names fields one by one, so that a new one stays inside until somebody decides otherwise. */
export function shownConfig(config: MrvConfig) {
  return {
    did: config.did,
    policyId: config.policyId,
    policyTag: config.policyTag,
    guardianUrl: config.guardianUrl,
    installerDid: config.installerDid,
    ref: config.ref,
    type: config.type,
    contextUrls: config.contextUrls,
    topicId: config.topicId ?? null,
    hederaAccountId: config.hederaAccountId ?? null,
    verificationMethod: config.verificationMethod,
    publicKeyBase58: config.publicKeyBase58,
  };
}

export function toSummary(row: DeviceRow, attached: DeviceSummary["meters"]): DeviceSummary {
  return {
    id: row.id,
    name: row.name,
    ...shownConfig(row.config),
    notices: row.notices,
    meters: attached,
    hasSchema: row.subjectSchema !== null,
    version: row.version,
    archivedAt: row.archivedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export async function toDto(ctx: Ctx, row: DeviceRow): Promise<DeviceDto> {
  const attached = await metersOf(ctx, [row.id]);
  return {
    ...toSummary(row, attached.get(row.id) ?? []),
    schema: row.subjectSchema,
    fields: deviceFields(row.config, row.subjectSchema),
  };
}

/** Meters in use by their device, by name; of those that the actor may see. */
export async function metersOf(ctx: Ctx, deviceIds: readonly string[]): Promise<Map<string, DeviceSummary["meters"]>> {
  const scope = meterScope(ctx.actor);
  const rows = await ctx.db
    .select({ id: meters.id, name: meters.name, deviceId: meters.deviceId })
    .from(meters)
    .where(
      and(
        inArray(meters.deviceId, [...deviceIds]),
        isNull(meters.archivedAt),
        scope ? inArray(meters.id, [...scope]) : undefined,
      ),
    )
    .orderBy(asc(meters.name), asc(meters.id));
  const byDevice = new Map<string, DeviceSummary["meters"]>();
  for (const { id, name, deviceId } of rows) {
    if (deviceId !== null) byDevice.set(deviceId, [...(byDevice.get(deviceId) ?? []), { id, name }]);
  }
  return byDevice;
}
