import type { DataSourceType } from "../../../connectors/contract";
import { connectorOf, settingsOf } from "../../../connectors/registry";
import type { Took } from "../../../db/schema/archive";
import { metricOf } from "../../../metrics/registry";
import { rowColumns, rowHeader } from "../../../pipeline/etl/reading-rows";
import { transformBytes } from "../../../pipeline/etl/transform-bytes";
import { objectName } from "../bundle/documents";
import type { EvidenceManifest, EvidenceObject } from "../manifest";
import type { Bundle } from "./open-bundle";
import { counted, Differences, type Step } from "./report";

/** A row that raw bytes give, as text; empty: the source did not say. */
export interface RemadeRow {
  start: string;
  durationSeconds: number;
  /** Of the record's metric. */
  value: string;
  /** What carbon is computed from. */
  energyKwh: string;
  carbonTons: string;
  factorId: string;
  quality: string;
}

/** Rows of the period by object and start. Rows of objects that could not be made again are missing. */
export type RemadeRows = Map<string, Map<string, RemadeRow>>;

/** Makes every transformed object again from its raw ones, and compares it byte for byte with what is in the bundle. */
export async function transformAgain(
  bundle: Bundle,
  manifest: EvidenceManifest,
): Promise<{ step: Step; remade: RemadeRows }> {
  const differences = new Differences();
  const remade: RemadeRows = new Map();
  const byId = new Map(manifest.objects.map((object) => [object.id, object]));
  let rows = 0;
  let silent = 0;
  let raw = 0;
  for (const object of manifest.objects.filter(({ kind }) => kind === "transformed")) {
    const name = objectName(object);
    const inputs = object.inputIds.flatMap((id) => byId.get(id) ?? []);
    const took = tookBy(object, inputs, manifest);
    if (!saysWhatItTook(object)) silent += 1;
    let bytes: Uint8Array;
    try {
      bytes = await bytesAgain(bundle, manifest, object, inputs, took);
    } catch (error) {
      const from = inputs.map(objectName).join(", ");
      differences.add(
        name,
        `It cannot be made from ${from}: ${error instanceof Error ? error.message : String(error)}`,
      );
      continue;
    }
    raw += inputs.length;
    const found = bundle.has(name) ? await bundle.bytes(name) : Buffer.alloc(0);
    const lines = linesOf(bytes);
    rows += lines.length;
    const isSame = saysWhatItTook(object) ? found.equals(bytes) : withoutCarbon(found) === withoutCarbon(bytes);
    if (!isSame) compareLines(name, inputs.map(objectName).join(", "), linesOf(found), lines, differences);
    remade.set(object.id, rowsOf(lines, manifest));
  }
  const made = `${counted(remade.size, "transformed object")} of ${counted(rows, "row")} made again from ${counted(raw, "raw one")}: the same bytes.`;
  const old = `${counted(silent, "object")} of an earlier release ${silent === 1 ? "does" : "do"} not say with which settings, so those of the meter at extraction were taken, and carbon is checked with the readings.`;
  return { step: differences.step("Transformation", silent === 0 ? made : `${made} ${old}`), remade };
}

function saysWhatItTook({ origin }: EvidenceObject): boolean {
  return origin.kind === "transformation" && origin.took !== undefined;
}

function bytesAgain(
  bundle: Bundle,
  manifest: EvidenceManifest,
  object: EvidenceObject,
  inputs: readonly EvidenceObject[],
  took: Took,
): Promise<Uint8Array> {
  if (inputs.length < object.inputIds.length) throw new Error("manifest.json does not have all of its raw objects.");
  // As the transformation named them: by the file that was uploaded, or by the last part of their key.
  const files = inputs.map((input) => {
    const name =
      input.origin.kind === "upload" ? input.origin.fileName : input.key.slice(input.key.lastIndexOf("/") + 1);
    return bundle.packed(objectName(input), name, input.contentType);
  });
  const connector = object.origin.kind === "transformation" ? object.origin.connector : manifest.meter.type;
  return transformBytes({ meterId: manifest.meter.id, connector, took, files }).then(({ bytes }) => bytes);
}

/** What the object says, or, of an earlier release, what the meter was like at extraction. */
function tookBy(object: EvidenceObject, inputs: readonly EvidenceObject[], { meter, factors }: EvidenceManifest): Took {
  if (object.origin.kind === "transformation" && object.origin.took) return object.origin.took;
  const dataSourceType = meter.dataSourceType as DataSourceType;
  const { coversFrom: from, coversTo: to } = object;
  if (from === null || to === null) throw new Error(`${objectName(object)} does not say what it covers.`);
  return {
    settings: settingsOf(connectorOf(meter.type), dataSourceType, meter.settings) as Record<string, unknown>,
    dataSource: meter.dataSource,
    dataSourceType: inputs.some(({ origin }) => origin.kind === "upload") ? "UPLOAD" : dataSourceType,
    timezone: meter.timezone,
    from,
    to,
    until: to,
    factors: factors.map(({ id, value, validFrom, validTo }) => ({ id, value, from: validFrom, to: validTo })),
  };
}

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString("latin1").split("\n").slice(1, -1);
}

const carbonColumns = ["carbon_tons", "carbon_factor_id", "carbon_factor_value"] as const;

function withoutCarbon(bytes: Uint8Array): string {
  const dropped = new Set(carbonColumns.map((column) => rowColumns.indexOf(column)));
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  return lines
    .map((line) =>
      line
        .split(",")
        .filter((_, index) => !dropped.has(index))
        .join(),
    )
    .join("\n");
}

function compareLines(name: string, from: string, found: string[], expected: string[], differences: Differences): void {
  let isFound = false;
  for (let index = 0; index < Math.max(found.length, expected.length); index++) {
    if (found[index] === expected[index]) continue;
    isFound = true;
    const start = (expected[index] ?? found[index] ?? "").split(",")[1] ?? "";
    differences.add(
      `${name}, line ${index + 2}, reading ${start}`,
      `It is ${JSON.stringify(found[index] ?? "missing")}, and ${JSON.stringify(expected[index] ?? "no line")} when it is made from ${from}.`,
    );
  }
  if (!isFound) differences.add(name, `Its header or its line ends are not ${JSON.stringify(rowHeader)} and LF.`);
}

function rowsOf(lines: readonly string[], { figures, period }: EvidenceManifest): Map<string, RemadeRow> {
  const at = (column: (typeof rowColumns)[number]) => rowColumns.indexOf(column);
  const [start, duration, value] = [
    at("timestamp"),
    at("duration_seconds"),
    at(metricOf(figures.metric).column as "e_real_kwh"),
  ];
  const [energy, carbon, factor, quality] = [
    at("e_real_kwh"),
    at("carbon_tons"),
    at("carbon_factor_id"),
    at("quality"),
  ];
  const [from, to] = [Date.parse(period.start), Date.parse(period.end)];
  const rows = new Map<string, RemadeRow>();
  for (const line of lines) {
    const fields = line.split(",");
    const text = (index: number) => fields[index] ?? "";
    const starts = Date.parse(text(start));
    if (starts < from || starts >= to) continue;
    rows.set(text(start), {
      start: text(start),
      durationSeconds: Number(text(duration)),
      value: text(value),
      energyKwh: text(energy),
      carbonTons: text(carbon),
      factorId: text(factor),
      quality: text(quality),
    });
  }
  return rows;
}
