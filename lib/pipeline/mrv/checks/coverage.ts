import { passedIf, type RecordCheck } from "./check";
import { counted, plural, share, some, when } from "./words";

export const coverage: RecordCheck = {
  name: "coverage",
  label: "Coverage",
  isBlocking: false,
  run({ evidence, settings, from, to, timezone }) {
    const { expected, present, ratio, missing } = evidence.coverage;
    const hours = counted((to - from) / 3600);
    const stretches = missing.map(
      (gap) => `${when(Date.parse(gap.from) / 1000, timezone)} to ${when(Date.parse(gap.to) / 1000, timezone)}`,
    );
    const gaps = stretches.length === 0 ? "" : ` Missing: ${some(stretches)}.`;
    return {
      result: passedIf(Number(ratio) >= settings.MRV_MIN_COVERAGE),
      figure: share(Number(ratio)),
      threshold: `at least ${share(settings.MRV_MIN_COVERAGE)}`,
      sentence: `${counted(present)} of ${plural(expected, "reading")} in ${hours} hours.${gaps}`,
    };
  },
};
