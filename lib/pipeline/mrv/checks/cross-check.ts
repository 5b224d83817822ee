import { notApplicable, passedIf, type RecordCheck } from "./check";
import { amount, decimal, difference, share } from "./words";

/** With less of the period the other meter says nothing about all of it. */
const LEAST_COVERAGE = 0.95;

export const crossCheck: RecordCheck = {
  name: "cross-check",
  label: "Cross-check",
  isBlocking: false,
  run(input) {
    const { crossCheck: other, settings, value } = input;
    if (!other) return notApplicable("No meter to compare with is set.");
    const tolerance = settings.MRV_CROSS_CHECK_TOLERANCE;
    const shown = { label: `Cross-check, ${other.meterName}`, threshold: `within ±${decimal(tolerance * 100)} %` };
    if (other.value === null || other.coverage < LEAST_COVERAGE) {
      const sentence =
        other.value === null
          ? `${other.meterName} has no readings of the period to compare with.`
          : `${other.meterName} covers ${share(other.coverage)} of the period: too little to compare with.`;
      return { ...shown, result: "failed", figure: null, sentence };
    }
    if (value === null) return { ...shown, result: "failed", figure: null, sentence: "There is no figure to compare." };
    // What is modelled has no sign: the meter may count what it sends as negative.
    const own = other.isModelled ? Math.abs(value) : value;
    const kind = other.isModelled ? "modelled for the site" : "by the other meter";
    const sentence = `${amount(input, other.value)} ${kind}.`;
    if (other.value === 0)
      return { ...shown, result: passedIf(own === 0), figure: own === 0 ? "+0.0 %" : null, sentence };
    const ratio = (own - other.value) / Math.abs(other.value);
    return { ...shown, result: passedIf(Math.abs(ratio) <= tolerance), figure: difference(ratio), sentence };
  },
};
