import { sql } from "drizzle-orm";
import { connectorOf } from "../../connectors/registry";
import type { Db } from "../../db/client";
import { flowOfMeter, thresholdsOf } from "../../findings/thresholds";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import type { CheckedMeter, CheckInput } from "../../pipeline/mrv/checks/check";
import { rowsHash } from "../evidence/canonical-rows";
import { readingsOfPeriods } from "../extraction/period-readings";
import { isModelledType } from "./is-modelled-type";
import { earlierRecordsOf, overlappingRecords } from "./other-records";
import type { RecordToCheck } from "./record-to-check";
import { collectionTroubles, crossChecksOf, findingsOf, hashesOf, supersessions } from "./surroundings";

/** What the checks look at, by record: a handful of statements for all of them. */
export async function checkInputs(db: Db, records: readonly RecordToCheck[]): Promise<Map<string, CheckInput>> {
  const readings = await readingsOfPeriods(
    db,
    records.map((record) => ({ ...record, metric: record.evidence.figures.metric })),
  );
  const meters = await metersOf(db, records);
  const findings = await findingsOf(db, records);
  const crossChecks = await crossChecksOf(db, records);
  const earlier = await earlierRecordsOf(db, records);
  const overlaps = await overlappingRecords(db, records);
  const collection = await collectionTroubles(db, records);
  const factorIds = new Set(records.flatMap(({ evidence }) => evidence.factors.map(({ id }) => id)));
  const objectIds = new Set(records.flatMap(({ evidence }) => evidence.objects.map(({ id }) => id)));
  for (const own of readings.values()) for (const { objectId } of own) objectIds.add(objectId);
  const supersededAt = await supersessions(db, factorIds);
  const objects = await hashesOf(db, objectIds);
  const inputs = new Map<string, CheckInput>();
  for (const record of records) {
    const { id, evidence, settings, timezone, from, to, value } = record;
    const meter = meters.get(record.meterId);
    if (!meter) throw new Error(`Meter ${record.meterId} is not there.`);
    const own = readings.get(id) ?? [];
    inputs.set(id, {
      ...{ evidence, settings, timezone, readings: own, supersededAt, objects },
      value: value === null ? null : Number(value),
      from: from.getTime() / 1000,
      to: to.getTime() / 1000,
      meter: checkedMeter(meter),
      rowsSha256: rowsHash(evidence.figures.metric, own),
      findings: findings.get(id) ?? [],
      crossCheck: crossCheckOf(record, crossChecks),
      earlier: earlier.get(id) ?? [],
      overlaps: overlaps.get(id) ?? [],
      collection: collection.get(id) ?? [],
    });
  }
  return inputs;
}

interface MeterRow extends Record<string, unknown> {
  id: string;
  name: string;
  type: string;
  settings: unknown;
  region: string | null;
  capacity_kw: number | null;
  thresholds: unknown;
}

async function metersOf(db: Db, records: readonly RecordToCheck[]): Promise<Map<string, MeterRow>> {
  const ids = [...new Set(records.map(({ meterId }) => meterId))];
  const rows = await db.execute<MeterRow>(sql`
    select m.id, m.name, m.type, m.settings, m.region, m.capacity_kw, t.thresholds
    from meters m left join meter_thresholds t on t.meter_id = m.id where m.id = any(${arrayLiteral(ids)}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

function checkedMeter(row: MeterRow): CheckedMeter {
  const connector = connectorOf(row.type);
  const thresholds = thresholdsOf(row.thresholds);
  const capacityKw = row.capacity_kw;
  const auto = flowOfMeter({ type: row.type, settings: row.settings, capacityKw });
  return {
    name: row.name,
    typeLabel: connector.label,
    isModelled: isModelledType(row.type),
    capacityKw,
    region: row.region,
    flow: thresholds.flow === "auto" ? auto : thresholds.flow,
    thresholds,
  };
}

/** A meter that is set and not there any more is no reason to say that none is. */
function crossCheckOf({ id, settings }: RecordToCheck, found: ReadonlyMap<string, CheckInput["crossCheck"]>) {
  if (settings.MRV_CROSS_CHECK_METER === undefined) return null;
  const missing = { meterName: "a meter that is not there", isModelled: false, value: null, coverage: 0 };
  return found.get(id) ?? missing;
}
