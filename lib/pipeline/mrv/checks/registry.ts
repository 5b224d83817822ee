import type { CheckResult } from "../../../mrv/check-result";
import { balance } from "./balance";
import type { CheckInput, RecordCheck } from "./check";
import { collection } from "./collection";
import { coverage } from "./coverage";
import { crossCheck } from "./cross-check";
import { earlierRecords } from "./earlier-records";
import { energyLimit } from "./energy-limit";
import { estimated } from "./estimated";
import { evidenceComplete } from "./evidence-complete";
import { factors } from "./factors";
import { flatLine } from "./flat-line";
import { hasFigure } from "./has-figure";
import { longestGap } from "./longest-gap";
import { measured } from "./measured";
import { nameplate } from "./nameplate";
import { negative } from "./negative";
import { nightGeneration } from "./night-generation";
import { noOverlapOfReadings } from "./no-overlap-of-readings";
import { otherFindings } from "./other-findings";
import { overlap } from "./overlap";
import { restated } from "./restated";
import { spike } from "./spike";

/** Every check of records, in the order in which a reviewer reads them. Their names are stored with what they said. */
export const recordChecks: readonly RecordCheck[] = [
  hasFigure,
  coverage,
  longestGap,
  estimated,
  measured,
  energyLimit,
  nameplate,
  nightGeneration,
  negative,
  balance,
  crossCheck,
  earlierRecords,
  spike,
  flatLine,
  otherFindings,
  noOverlapOfReadings,
  overlap,
  factors,
  collection,
  restated,
  evidenceComplete,
];

/** What every check says of a record. */
export function runRecordChecks(input: CheckInput): CheckResult[] {
  return recordChecks.map(({ name, label, isBlocking, run }) => {
    const verdict = run(input);
    const { result, figure, threshold, sentence } = verdict;
    return {
      check: name,
      label: verdict.label ?? label,
      result,
      isBlocking: result === "failed" && (verdict.isBlocking ?? isBlocking),
      figure,
      threshold,
      sentence,
    };
  });
}
