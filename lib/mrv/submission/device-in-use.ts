import { eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { devices, meters } from "../../db/schema";
import type { DeviceRow } from "../../devices/internal";
import { NotPossibleNow } from "../../errors";
import type { RecordRow } from "../review/internal";

/** The device that is to sign a record, with what its evidence says of it. Throws NotPossibleNow with what is in the way. */
export async function deviceInUse(db: Db, record: RecordRow): Promise<DeviceRow> {
  const [found] = await db
    .select({ device: devices, meterName: meters.name, deviceId: meters.deviceId })
    .from(devices)
    .innerJoin(meters, eq(meters.id, record.meterId))
    .where(eq(devices.id, record.deviceId));
  if (!found) throw new Error("A record without its device or meter.");
  const { device, meterName, deviceId } = found;
  const { evidence, did, policyId } = record;
  const { config } = device;
  const refused = (why: string) => new NotPossibleNow(`${why} Extract the record again.`);
  if (device.archivedAt) throw refused(`${device.name} is archived: it signs nothing any more.`);
  if (config.did !== did) throw refused(`${device.name} has another DID than when the record was made.`);
  if (config.policyId !== policyId || config.policyTag !== evidence.device.policyTag) {
    throw refused(`${device.name} belongs to another policy than when the record was made.`);
  }
  if (config.type !== evidence.device.type) {
    throw refused(`${device.name} signs another type than when the record was made.`);
  }
  if (deviceId !== device.id) throw refused(`${meterName} is no longer attached to ${device.name}.`);
  return device;
}
