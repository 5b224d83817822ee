import { notApplicable, passedIf, type RecordCheck } from "./check";
import { amount, decimal, difference, plural } from "./words";

export const earlierRecords: RecordCheck = {
  name: "earlier-records",
  label: "Against earlier records",
  isBlocking: false,
  run(input) {
    const { earlier, value, settings, from, to } = input;
    if (earlier.length === 0) return notApplicable("There was no earlier record yet to compare with.");
    if (value === null) return notApplicable("There is no figure to compare.");
    // By the hour: months are of 28 to 31 days, and days of 23 to 25 hours.
    const usual = median(earlier.map((each) => each.value / (each.to - each.from))) * (to - from);
    const sentence = `${amount(input, usual)} by the median of ${plural(earlier.length, "earlier record")}.`;
    const ratio = usual === 0 ? null : (value - usual) / Math.abs(usual);
    const figure = ratio === null ? null : difference(ratio);
    const tolerance = settings.MRV_EARLIER_TOLERANCE;
    if (tolerance === undefined) return notApplicable(`${sentence} No tolerance is set.`, figure);
    const holds = ratio === null ? value === 0 : Math.abs(ratio) <= tolerance;
    return { result: passedIf(holds), figure, threshold: `within ±${decimal(tolerance * 100)} %`, sentence };
  },
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
