import { SourceError } from "../source-error";
import type { CsvSettings } from "./settings";

/** A comma comes last: a decimal comma is in every line too. */
export const delimiters = ["\t", ";", "|", ","] as const;
export type Delimiter = (typeof delimiters)[number];

const LINES_COUNTED = 200;
/** So many of a hundred lines have the delimiter as often as the others: a table can have a title and a footer. */
const SHARE_ALIKE = 0.8;

/** Throws SourceError `DELIMITER_UNKNOWN`. */
export function delimiterOf(name: string, head: string, { delimiter, skipLines }: CsvSettings): Delimiter {
  if (delimiter !== "auto") return delimiter === "tab" ? "\t" : delimiter;
  const found = commonDelimiter(linesOf(head).slice(skipLines));
  if (found) return found;
  throw new SourceError(
    "DELIMITER_UNKNOWN",
    `${name} has no delimiter that its lines have alike: name it in the settings, and how many lines stand before the table.`,
    { isRetryable: false },
  );
}

/** Lines of a file's beginning, the last left out where it may be cut; what stands in quotation marks is taken out. */
export function linesOf(head: string): string[] {
  const lines = head.replaceAll(/"[^"]*"/g, '""').split(/\r\n?|\n/);
  return lines.length > 1 ? lines.slice(0, -1) : lines;
}

export function commonDelimiter(lines: readonly string[]): Delimiter | undefined {
  const counted = lines.filter((line) => line.trim() !== "").slice(0, LINES_COUNTED);
  return delimiters.find((delimiter) => {
    const counts = counted.map((line) => line.split(delimiter).length - 1);
    const usual = usualOf(counts);
    return usual > 0 && counts.filter((count) => count === usual).length >= counted.length * SHARE_ALIKE;
  });
}

/** The number that comes most often; of equally frequent ones the larger. */
export function usualOf(numbers: readonly number[]): number {
  const frequency = new Map<number, number>();
  for (const number of numbers) frequency.set(number, (frequency.get(number) ?? 0) + 1);
  return [...frequency].sort(([a, timesA], [b, timesB]) => timesB - timesA || b - a)[0]?.[0] ?? 0;
}
