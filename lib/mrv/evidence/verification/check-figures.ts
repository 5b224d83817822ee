import type { Quality } from "../../../metrics/registry";
import { periodCoverage } from "../../extraction/period-coverage";
import type { RecordDocument } from "../bundle/documents";
import type { EvidenceReading } from "../canonical-rows";
import { figuresOf } from "../figures";
import type { EvidenceManifest } from "../manifest";
import { counted, Differences, type Step } from "./report";

/** Sums, coverage, qualities and uses of factors, computed anew from the readings. */
export function checkFigures(
  readings: readonly EvidenceReading[],
  manifest: EvidenceManifest,
  record: RecordDocument,
): Step {
  const differences = new Differences();
  const { figures, period } = manifest;
  const compare = (what: string, found: unknown, expected: unknown) =>
    differences.compare("manifest.json", what, found, expected, "from the readings");
  const sums = figuresOf(readings);
  compare(`The sum of ${figures.metric}`, figures.value, sums.value);
  compare("The carbon", figures.carbonTons, sums.carbonTons);
  differences.compare("record.json", "The number of readings", record.readings, sums.readings, "from the readings");

  const counts = new Map<Quality, number>();
  for (const { quality } of readings) counts.set(quality, (counts.get(quality) ?? 0) + 1);
  for (const quality of new Set([...counts.keys(), ...(Object.keys(manifest.qualities) as Quality[])])) {
    compare(`The number of readings of quality ${quality}`, manifest.qualities[quality] ?? 0, counts.get(quality) ?? 0);
  }
  for (const factor of manifest.factors) {
    const uses = readings.filter(({ factorId }) => factorId === factor.id).length;
    compare(`The number of readings with the emission factor ${factor.id}`, factor.readings, uses);
  }
  const coverage = coverageAgain(readings, manifest);
  compare("The number of readings expected", manifest.coverage.expected, coverage.expected);
  compare("The number of readings present", manifest.coverage.present, coverage.present);
  compare("The coverage", manifest.coverage.ratio, coverage.ratio);
  compare("The longest gap in minutes", manifest.coverage.longestGapMinutes, coverage.longestGapMinutes);
  compare("The list of gaps", JSON.stringify(manifest.coverage.missing), JSON.stringify(coverage.missing));
  const [from, to] = [Date.parse(period.start), Date.parse(period.end)];
  for (const { start } of readings) {
    const at = Date.parse(start);
    if (!(at >= from && at < to))
      differences.add(`readings.ndjson, reading ${start}`, "It does not begin in the period.");
  }
  const carbon = sums.carbonTons === null ? "no carbon" : `${sums.carbonTons} tCO2-e`;
  const sentence = `${counted(sums.readings, "reading")}, ${sums.value ?? "no"} ${figures.unit}, ${carbon}, coverage ${coverage.ratio} (${coverage.present} of ${coverage.expected}).`;
  return differences.step("Figures", sentence);
}

function coverageAgain(readings: readonly EvidenceReading[], { period, coverage }: EvidenceManifest) {
  const range = { from: new Date(period.start), to: new Date(period.end) };
  // Without a reading nothing tells how long one is but what was expected.
  const usualSeconds = (range.to.getTime() - range.from.getTime()) / 1000 / coverage.expected;
  const timed = readings.map((reading) => ({ ...reading, startAt: Date.parse(reading.start) / 1000 }));
  return periodCoverage(timed, range, usualSeconds);
}
