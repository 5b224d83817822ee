import { intervalWords, isWholeDays } from "@/components/tasks/interval-words";
import { formatInstant } from "@/components/ui/format";
import type { StateName } from "@/components/ui/state";
import type { RecordStatus } from "@/lib/mrv/statuses";

/** Shape and word of every status of a record. */
export const recordLooks: Record<RecordStatus, { state: StateName; word: string }> = {
  extracted: { state: "running", word: "Extracted" },
  verified: { state: "person", word: "To review" },
  verification_failed: { state: "failed", word: "Checks failed" },
  approved: { state: "queued", word: "Approved" },
  rejected: { state: "cancelled", word: "Rejected" },
  submitting: { state: "running", word: "Submitting" },
  submitted: { state: "succeeded", word: "Submitted" },
  submission_failed: { state: "failed", word: "Submission failed" },
  submission_unknown: { state: "person", word: "Outcome unknown" },
};

const MONTHS: Record<string, string> = {
  Jan: "January",
  Feb: "February",
  Mar: "March",
  Apr: "April",
  May: "May",
  Jun: "June",
  Jul: "July",
  Aug: "August",
  Sep: "September",
  Oct: "October",
  Nov: "November",
  Dec: "December",
};

/** How a period is called: `October 2026` for a whole month of the zone, `Sun 22 Nov 2026` for a day, else as intervals are. */
export function periodWords(from: Date, to: Date, zone: string, { short = false } = {}): string {
  const first = monthStart(from, zone);
  if (first && monthStart(to, zone) && isWholeDays(from, to, zone)) {
    const days = Math.round((to.getTime() - from.getTime()) / 86_400_000);
    if (days <= 31) return short ? `${first.month} ${first.year}` : `${MONTHS[first.month]} ${first.year}`;
  }
  return intervalWords(from, to, zone, { short });
}

function monthStart(at: Date, zone: string): { month: string; year: string } | null {
  const [, day, month = "", year = ""] = formatInstant(at, zone, "full-date").split(" ");
  return day === "1" ? { month, year } : null;
}

/**
 * Decimal text with its thousands grouped and every digit it has; with `most`, rounded half away from zero where it has more behind the
 * point. Nothing goes through binary numbers.
 */
export function decimalWords(text: string, most = Number.POSITIVE_INFINITY): string {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  let digits = whole + fraction;
  let places = fraction.length;
  if (places > most) {
    const isUp = Number(digits[digits.length - places + most]) >= 5;
    const kept = BigInt(digits.slice(0, digits.length - places + most) || "0") + (isUp ? 1n : 0n);
    digits = kept.toString().padStart(most + 1, "0");
    places = most;
  }
  const grouped = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const behind = digits.slice(digits.length - places);
  const isZero = /^0*$/.test(digits);
  return `${sign && !isZero ? "−" : ""}${grouped}${behind && `.${behind}`}`;
}

/** `100`, `99.999`: never rounded up to what it is not. */
export function percentWords(share: number): string {
  return String(Math.floor(share * 100_000 + 1e-6) / 1_000);
}

export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}

/** `7be2 9f04 … d1a8 41c9`. */
export function longHash(hash: string): string {
  const fours = hash.match(/.{1,4}/g) ?? [];
  return `${fours.slice(0, 2).join(" ")} … ${fours.slice(-2).join(" ")}`;
}
