/** What one verification check says about a record. All are kept, also those that passed. */
export interface CheckResult {
  /** Name of a check of `lib/pipeline/mrv/checks/registry.ts`. */
  check: string;
  label: string;
  /** `not_applicable`: there is nothing to hold it against, which the sentence says. */
  result: "passed" | "failed" | "not_applicable";
  /** Failed and blocking: nobody can approve the record, whatever the reason. */
  isBlocking: boolean;
  /** What was found, as it is shown; null where there is no figure. */
  figure: string | null;
  /** What it was held against, in words: `at least 100 %`. */
  threshold: string | null;
  /** What it means, and where a person can act what to do. */
  sentence: string;
}
