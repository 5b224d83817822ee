import { type MetricName, metricOf } from "../../../metrics/registry";
import type { OverlappingRecord, RecordCheck } from "./check";
import { plural, some, when } from "./words";

/**
 * The database refuses a second record of a metric. What it cannot know: energy is the same under another name. Net energy holds what is taken and
 * what is sent; those two, and reactive energy, are apart.
 */
export const overlap: RecordCheck = {
  name: "overlap",
  label: "Overlap",
  isBlocking: true,
  run({ overlaps, evidence, timezone }) {
    const { metric } = evidence.figures;
    const same = overlaps.filter((other) => other.isSameMeter && isSameEnergy(metric, other.metric));
    const near = overlaps.filter((other) => !other.isSameMeter && isSameEnergy(metric, other.metric));
    const describe = (other: OverlappingRecord) =>
      `${metricOf(other.metric).label} of ${other.meterName}, ${when(other.from, timezone)} to ${when(other.to, timezone)}, ${other.status.replaceAll("_", " ")}, by ${other.jobName}`;
    const shown = { threshold: "none allowed" };
    if (same.length > 0) {
      const sentence = `The same energy is in ${plural(same.length, "other record")}: ${some(same.map(describe))}.`;
      return { ...shown, result: "failed", figure: plural(same.length, "record"), sentence };
    }
    if (near.length > 0) {
      const sentence = `Other meters of the device have records of this time: ${some(near.map(describe))}. Make sure that they do not measure the same energy.`;
      return { ...shown, result: "failed", isBlocking: false, figure: plural(near.length, "record"), sentence };
    }
    const sentence =
      overlaps.length === 0
        ? "No live record of this meter or device over the period."
        : `Other energy has records of its own: ${some(overlaps.map(describe))}.`;
    return { ...shown, result: "passed", figure: "none", sentence };
  },
};

function isSameEnergy(a: MetricName, b: MetricName): boolean {
  if (a === b) return true;
  const isReal = (metric: MetricName) => metric.startsWith("eReal");
  return isReal(a) && isReal(b) && (a === "eRealKwh" || b === "eRealKwh");
}
