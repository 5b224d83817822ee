import { wallClockOffsets } from "../../time";
import { OFFSET, offsetSeconds } from "../utc-offset";

const DAY_SECONDS = 86_400;

/** Where a sequence of rows stands within a repeated hour. One for each channel. */
export interface Sequence {
  wallSeconds: number | undefined;
  /** 0 is the pass that comes first in time. */
  pass: 0 | 1;
  /** The hour it is in is shown twice. */
  isRepeated: boolean;
}

export function newSequence(): Sequence {
  return { wallSeconds: undefined, pass: 0, isRepeated: false };
}

/**
 * Instants of the times a file's clock shows. The repeated hour is told apart by the order of the rows: where the time does not move on, the
 * second pass has begun; in a file that runs backwards the later pass comes first. A time that is skipped has no instant.
 */
export class WallClock {
  private readonly fixedOffset: number | undefined;
  /** By day, its one offset; undefined for a day on which clocks change. */
  private readonly days = new Map<number, number | undefined>();
  private midnight: { day: number; offsets: readonly number[] } | undefined;

  constructor(
    private readonly zone: string,
    private readonly runsBackwards: boolean,
    /** A skipped time is the end of the interval before where the clocks change at that very time. */
    private readonly isEnd: boolean,
  ) {
    this.fixedOffset = OFFSET.test(zone) ? offsetSeconds(zone) : undefined;
  }

  /** Unix seconds, or undefined for a time that the zone's clocks skip. */
  instantOf(wallSeconds: number, sequence: Sequence): number | undefined {
    const offset = this.fixedOffset ?? this.offsetOfDay(Math.floor(wallSeconds / DAY_SECONDS));
    if (offset === undefined) return this.onDayOfChange(wallSeconds, sequence);
    sequence.wallSeconds = wallSeconds;
    sequence.isRepeated = false;
    return wallSeconds - offset;
  }

  private offsetOfDay(day: number): number | undefined {
    if (this.days.has(day)) return this.days.get(day);
    const [first, ...others] = this.atMidnight(day);
    const next = this.atMidnight(day + 1);
    const offset = others.length === 0 && next.length === 1 && next[0] === first ? first : undefined;
    this.days.set(day, offset);
    return offset;
  }

  /** The end of one day is the start of the next, which most often comes next. */
  private atMidnight(day: number): readonly number[] {
    if (this.midnight?.day !== day) this.midnight = { day, offsets: wallClockOffsets(day * DAY_SECONDS, this.zone) };
    return this.midnight.offsets;
  }

  private onDayOfChange(wallSeconds: number, sequence: Sequence): number | undefined {
    const offsets = wallClockOffsets(wallSeconds, this.zone);
    const [first, second] = offsets;
    if (first === undefined) {
      const before = this.isEnd ? wallClockOffsets(wallSeconds - 1, this.zone)[0] : undefined;
      return before === undefined ? undefined : wallSeconds - before;
    }
    if (second === undefined) {
      sequence.wallSeconds = wallSeconds;
      sequence.isRepeated = false;
      return wallSeconds - first;
    }
    const { wallSeconds: last } = sequence;
    const movesOn = last === undefined || (this.runsBackwards ? wallSeconds < last : wallSeconds > last);
    const firstPass = this.runsBackwards ? 1 : 0;
    const pass = sequence.isRepeated && movesOn ? sequence.pass : movesOn ? firstPass : firstPass === 0 ? 1 : 0;
    sequence.wallSeconds = wallSeconds;
    sequence.pass = pass;
    sequence.isRepeated = true;
    return wallSeconds - (pass === 0 ? first : second);
  }
}
