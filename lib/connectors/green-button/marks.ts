/** Off by at most so much, a stamp is taken for the mark it is beside. */
const TOLERANCE_SECONDS = 2;
const MARK_SECONDS = 900;

/**
 * An interval's times with a clock's slip taken off: where its length is within two seconds of whole minutes, a start and an end within
 * two seconds of a mark move to it. Marks are quarter hours (every zone is whole quarter hours from UTC), or what divides them and
 * the length. Everything else stays as it was sent.
 */
export function onMark(start: number, seconds: number): { start: number; seconds: number } {
  const minutes = Math.round(seconds / 60) * 60;
  if (minutes === 0 || Math.abs(seconds - minutes) > TOLERANCE_SECONDS) return { start, seconds };
  const every = greatestCommonDivisor(minutes, MARK_SECONDS);
  const from = beside(start, every);
  return { start: from, seconds: beside(start + seconds, every) - from };
}

function beside(instant: number, every: number): number {
  const mark = Math.round(instant / every) * every;
  return Math.abs(instant - mark) <= TOLERANCE_SECONDS ? mark : instant;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
