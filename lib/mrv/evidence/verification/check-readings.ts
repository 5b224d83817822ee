import { carbonOf } from "../../../factors/carbon-of";
import { decimalText } from "../../../pipeline/etl/reading-rows";
import { sha256Hex } from "../../../secrets";
import { canonicalRows, type EvidenceReading } from "../canonical-rows";
import type { EvidenceFactor, EvidenceManifest } from "../manifest";
import { counted, Differences, type Step } from "./report";
import type { RemadeRow, RemadeRows } from "./transform-again";

/** `readings.ndjson` as readings. Throws an Error with a sentence where it is not in its form. */
export function readReadings(text: string): EvidenceReading[] {
  const [, ...lines] = text.split("\n");
  return lines.slice(0, -1).map((line, index) => {
    const fault = () => new Error(`Line ${index + 2} of readings.ndjson is no reading.`);
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      throw fault();
    }
    if (!Array.isArray(row) || row.length !== 7) throw fault();
    const [start, durationSeconds, value, carbonTons, factorId, quality, objectId] = row;
    return { start, durationSeconds, value, carbonTons, factorId, quality, objectId };
  });
}

/** The canonical rows have the manifest's hash, and each is what raw bytes give. */
export function checkReadings(
  text: string,
  readings: readonly EvidenceReading[],
  manifest: EvidenceManifest,
  remade: RemadeRows,
): Step {
  const differences = new Differences();
  const file = "readings.ndjson";
  const { metric } = manifest.figures;
  differences.compare(file, "Its SHA-256", sha256Hex(text), manifest.readings.sha256, "in manifest.json");
  differences.compare(file, "The number of readings", readings.length, manifest.readings.count, "in manifest.json");
  if (canonicalRows(metric, readings) !== text)
    differences.add(file, `It is not written as canonical rows of ${metric}.`);
  const factors = new Map(manifest.factors.map((factor) => [factor.id, factor]));
  const starts = new Set<string>();
  let recomputed = 0;
  for (const reading of readings) {
    const place = `${file}, reading ${reading.start}`;
    if (starts.has(reading.start)) differences.add(place, "It is there twice.");
    starts.add(reading.start);
    const row = remade.get(reading.objectId)?.get(reading.start);
    if (!row) {
      differences.add(place, `No raw bytes give a reading that begins then in the object ${reading.objectId}.`);
      continue;
    }
    const from = `from the raw bytes of the object ${reading.objectId}`;
    differences.compare(place, "Its length in seconds", reading.durationSeconds, row.durationSeconds, from);
    differences.compare(place, `Its ${metric}`, reading.value, orNull(row.value), from);
    differences.compare(place, "Its quality", reading.quality, row.quality, from);
    if (reading.factorId !== orNull(row.factorId)) recomputed += 1;
    checkCarbon(place, reading, row, factors, differences);
  }
  for (const [objectId, rows] of remade) {
    for (const start of rows.keys()) {
      if (starts.has(start)) continue;
      differences.add(
        `${file}, reading ${start}`,
        `It is left out, and the raw bytes of the object ${objectId} have it.`,
      );
    }
  }
  const since = `; ${counted(recomputed, "reading")} with another emission factor than when they were transformed`;
  const sentence = `${counted(readings.length, "reading")}, each as raw bytes give it${recomputed > 0 ? since : ""}.`;
  return differences.step("Readings", sentence);
}

/** Carbon is energy times the factor, whichever factor it was: a recompute may have brought another since the transformation. */
function checkCarbon(
  place: string,
  { start, carbonTons, factorId }: EvidenceReading,
  row: RemadeRow,
  factors: ReadonlyMap<string, EvidenceFactor>,
  differences: Differences,
): void {
  if (factorId === null) {
    differences.compare(place, "Its carbon", carbonTons, null, "without an emission factor");
    return;
  }
  const factor = factors.get(factorId);
  if (!factor) {
    differences.add(place, `Its emission factor ${factorId} is not in manifest.json.`);
    return;
  }
  const at = Date.parse(start);
  const isValid = at >= Date.parse(factor.validFrom) && (factor.validTo === null || at < Date.parse(factor.validTo));
  if (!isValid) differences.add(place, `Its emission factor ${factorId} does not hold then.`);
  const expected = row.energyKwh === "" ? null : decimalText(carbonOf(Number(row.energyKwh), Number(factor.value)));
  const how = `as ${row.energyKwh || "no"} kWh times ${factor.value} ${factor.unit}`;
  differences.compare(place, "Its carbon", carbonTons, expected, how);
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
