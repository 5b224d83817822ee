import { and, eq, isNull } from "drizzle-orm";
import type { Connector } from "../../connectors/contract";
import { connectorOf } from "../../connectors/registry";
import type { Db } from "../../db/client";
import { devices } from "../../db/schema";
import type { DeviceRow } from "../../devices/internal";
import { NotPossibleNow } from "../../errors";
import { mrvMetrics } from "../../mrv/settings";
import type { MeterRow } from "../internal";

/** The metrics of a meter type that can be issued; none: what it brings is modelled, or is no energy. */
export function recordableMetrics(connector: Pick<Connector, "metrics">): (typeof mrvMetrics)[number][] {
  return mrvMetrics.filter((metric) => connector.metrics.includes(metric));
}

/** The device in use that signs a meter's records; null without one. */
export async function deviceOfMeter(db: Db, meter: Pick<MeterRow, "deviceId">): Promise<DeviceRow | null> {
  if (!meter.deviceId) return null;
  const [device] = await db
    .select()
    .from(devices)
    .where(and(eq(devices.id, meter.deviceId), isNull(devices.archivedAt)));
  return device ?? null;
}

/** The device that signs the meter's records. Throws NotPossibleNow where nothing of the meter can be recorded. */
export async function recordingDevice(db: Db, meter: MeterRow): Promise<DeviceRow> {
  const connector = connectorOf(meter.type);
  if (recordableMetrics(connector).length === 0) {
    throw new NotPossibleNow(
      `${meter.name} is modelled, not measured: ${connector.label} readings can be compared with, and never recorded.`,
    );
  }
  const device = await deviceOfMeter(db, meter);
  if (device) return device;
  throw new NotPossibleNow(
    `${meter.name} has no device that could sign its records: attach it to one first, on the device's page.`,
  );
}
