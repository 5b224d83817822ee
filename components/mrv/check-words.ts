import { formatNumber } from "@/components/ui/format";
import type { RecordSummary } from "@/lib/mrv/schemas";

type Counts = Pick<RecordSummary, "checksPassed" | "checksFailed" | "checksNotApplicable">;

/**
 * What all the checks of a record came to: `19 passed, 2 do not apply`, `1 failed, 18 passed, 2 do not apply`. Null before they ran. `short`: for a
 * line of a list.
 */
export function checkWords(counts: Counts, { short = false } = {}): string | null {
  const { checksPassed, checksFailed } = counts;
  if (checksPassed + checksFailed === 0) return null;
  const rest = notApplicableWords(counts, { short });
  if (checksFailed === 0 && rest === null) return short ? `${formatNumber(checksPassed)} passed` : "All passed";
  return [
    checksFailed > 0 && `${formatNumber(checksFailed)} failed`,
    checksPassed > 0 && `${formatNumber(checksPassed)} passed`,
    rest,
  ]
    .filter(Boolean)
    .join(", ");
}

/** `2 do not apply`; null where all do. */
export function notApplicableWords({ checksNotApplicable: count }: Counts, { short = false } = {}): string | null {
  if (count === 0) return null;
  if (short) return `${formatNumber(count)} n/a`;
  return `${formatNumber(count)} ${count === 1 ? "does" : "do"} not apply`;
}
