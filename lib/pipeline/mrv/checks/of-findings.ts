import { type CheckInput, type OpenFinding, passedIf, type Verdict } from "./check";
import { counted, some, when } from "./words";

/** What the checks of readings found in the period, as the verdict of a check of records. */
export function verdictOfFindings(input: CheckInput, found: readonly OpenFinding[], none: string): Verdict {
  return {
    result: passedIf(found.length === 0),
    figure: counted(found.length),
    threshold: "none",
    sentence: found.length === 0 ? none : sentenceOf(input, found),
  };
}

export function sentenceOf({ timezone }: CheckInput, found: readonly OpenFinding[]): string {
  return some(
    found.map(({ label, from, sentence, isAcknowledged }) => {
      const acknowledged = isAcknowledged ? " (acknowledged)" : "";
      return `${label}, ${when(from, timezone)}${acknowledged}: ${sentence.replace(/\.$/, "")}`;
    }),
  ).concat(".");
}

export const findingsOf = ({ findings }: CheckInput, ...checks: readonly string[]) =>
  findings.filter(({ check }) => checks.includes(check));
