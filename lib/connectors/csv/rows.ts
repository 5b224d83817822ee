import type { Quality } from "../../metrics/registry";
import { DecimalScanner } from "../decimal-scanner";
import { LARGEST_AMOUNT } from "../reading-limit";
import type { Columns } from "./columns";
import { type DecimalMark, decimalOf, isNothing } from "./numbers";
import type { CsvSettings } from "./settings";
import type { StampReader } from "./stamp-format";
import { type CsvUnit, inMetricUnit, isMetricUnit } from "./units";
import { newSequence, type Sequence, type WallClock } from "./wall-clock";

/** A row's interval. `values` are those of the settings in their order: undefined is another channel's, null is nothing. */
export interface RowReading {
  kind: "reading";
  start: number;
  seconds: number;
  quality: Quality;
  values: (number | null | undefined)[];
  line: number;
  /** Of its file; a later one wins. */
  order: number;
}

export type RowOutcome =
  | RowReading
  | { kind: "rejected"; reason: string; start?: number; seconds?: number }
  /** Of another meter or channel, or without any value. */
  | { kind: "ignored"; reason: string };

/** Everything that reading a row needs beside the row. */
export interface Layout {
  settings: CsvSettings;
  columns: Columns;
  decimalMark: DecimalMark;
  readStamp: StampReader;
  clock: WallClock;
  /** Of an interval; a day is a civil one. */
  seconds: number;
  zone: string;
}

const DAY_SECONDS = 86_400;

/** Reads rows one after the other: in a repeated hour what a row means depends on those before it. */
export class RowReader {
  private readonly decimals = new DecimalScanner();
  private readonly sequences = new Map<string, Sequence>();
  /** Places in `values` by channel. */
  private readonly channels = new Map<string, number[]>();

  constructor(
    private readonly layout: Layout,
    private readonly order: number,
    /** Rows that start elsewhere are not looked at any further. */
    private readonly isWanted: (start: number) => boolean,
  ) {
    for (const [at, { channel }] of layout.settings.values.entries()) {
      if (channel !== undefined) this.channels.set(channel, [...(this.channels.get(channel) ?? []), at]);
    }
  }

  /** Undefined for a row outside what is wanted. */
  read(fields: readonly string[], line: number): RowOutcome | undefined {
    const { settings, columns } = this.layout;
    if (columns.meter !== undefined && textOf(fields, columns.meter) !== settings.meterId) {
      return { kind: "ignored", reason: "The row is of another meter." };
    }
    const channel = columns.channel === undefined ? "" : textOf(fields, columns.channel);
    const places = columns.channel === undefined ? undefined : this.channels.get(channel);
    if (columns.channel !== undefined && !places) {
      return { kind: "ignored", reason: `The channel ${channel.slice(0, 60)} is not one of the settings.` };
    }
    if (fields.length > columns.count && fields.slice(columns.count).some((field) => field.trim() !== "")) {
      const hint = this.layout.decimalMark === "," ? " Are decimal commas the delimiter?" : "";
      return rejected(`The row has ${fields.length} columns and the table ${columns.count}.${hint}`);
    }
    if (fields.length <= columns.last) {
      return rejected(`The row has ${fields.length} columns; column ${columns.last + 1} is needed.`);
    }
    const interval = this.intervalOf(fields, channel);
    if ("kind" in interval) return interval;
    if (!this.isWanted(interval.start)) return undefined;
    return this.valuesOf(fields, line, interval, places);
  }

  private intervalOf(fields: readonly string[], channel: string): Interval | RowOutcome {
    const { columns, readStamp, clock, settings, zone } = this.layout;
    const text = stampText(fields, columns);
    const stamp = readStamp(text);
    if (!stamp) {
      const as = settings.stampFormat === "auto" ? "ISO 8601" : settings.stampFormat;
      return rejected(`"${text.slice(0, 60)}" is no date and time (${as}).`);
    }
    let instant: number | undefined;
    if (stamp.offsetSeconds !== undefined) instant = stamp.wallSeconds - stamp.offsetSeconds;
    else {
      let sequence = this.sequences.get(channel);
      if (!sequence) {
        sequence = newSequence();
        this.sequences.set(channel, sequence);
      }
      instant = clock.instantOf(stamp.wallSeconds, sequence);
    }
    if (instant === undefined) return rejected(`${text} does not exist in ${zone}: clocks are put forward past it.`);
    return this.around(instant, stamp.wallSeconds, stamp.offsetSeconds);
  }

  /** A civil day is as long as the zone makes it. */
  private around(instant: number, wallSeconds: number, offsetSeconds: number | undefined): Interval {
    const { seconds, settings, clock } = this.layout;
    const isEnd = settings.stampIs === "end";
    const otherEnd = isEnd ? -1 : 1;
    const other =
      seconds === DAY_SECONDS && offsetSeconds === undefined
        ? clock.instantOf(wallSeconds + otherEnd * DAY_SECONDS, newSequence())
        : undefined;
    const length = other === undefined ? seconds : Math.abs(other - instant);
    return { start: isEnd ? instant - length : instant, seconds: length };
  }

  private valuesOf(
    fields: readonly string[],
    line: number,
    interval: Interval,
    places?: readonly number[],
  ): RowOutcome {
    const { settings, columns, decimalMark } = this.layout;
    const { start, seconds } = interval;
    const values = new Array<number | null | undefined>(settings.values.length).fill(undefined);
    let hasValue = false;
    for (let at = 0; at < settings.values.length; at++) {
      if (places && !places.includes(at)) continue;
      const text = textOf(fields, columns.values[at] ?? 0);
      values[at] = null;
      if (isNothing(text)) continue;
      const { unit, invert } = settings.values[at] as CsvSettings["values"][number];
      let value = this.plainValue(text, unit);
      if (Number.isNaN(value)) {
        const decimal = decimalOf(text, decimalMark);
        if (typeof decimal === "object") return rejected(this.inColumn(at, decimal.reason), interval);
        value = inMetricUnit(decimal, unit, seconds);
      }
      if (!Number.isFinite(value) || Math.abs(value) > LARGEST_AMOUNT)
        return rejected(this.inColumn(at, `${text} is too large.`), interval);
      values[at] = invert ? -value : value;
      hasValue = true;
    }
    if (!hasValue) return { kind: "ignored", reason: "The row has no value." };
    const quality = this.qualityOf(fields);
    if (typeof quality === "object") return rejected(quality.reason, interval);
    return { kind: "reading", start, seconds, quality, values, line, order: this.order };
  }

  /** NaN where it takes a longer look: whatever is no plain decimal in the metric's own unit. */
  private plainValue(text: string, unit: CsvUnit): number {
    const { decimals } = this;
    const isPlain = isMetricUnit(unit) && this.layout.decimalMark === "." && decimals.scan(text, 0) === text.length;
    return isPlain ? decimals.value : Number.NaN;
  }

  private qualityOf(fields: readonly string[]): Quality | { reason: string } {
    const { columns, settings } = this.layout;
    if (columns.quality === undefined) return "actual";
    const text = textOf(fields, columns.quality);
    if (Object.hasOwn(settings.qualities, text)) return settings.qualities[text] ?? "actual";
    return { reason: `The settings do not say what the quality "${text.slice(0, 60)}" is (qualities).` };
  }

  private inColumn(at: number, reason: string): string {
    const { columns } = this.layout;
    const index = columns.values[at] ?? 0;
    return `Column ${columns.names?.[index] || index + 1}: ${reason}`;
  }
}

interface Interval {
  start: number;
  seconds: number;
}

export function stampText(fields: readonly string[], { stamp, time }: Columns): string {
  const date = textOf(fields, stamp);
  return time === undefined ? date : `${date} ${textOf(fields, time)}`;
}

export function textOf(fields: readonly string[], at: number): string {
  return (fields[at] ?? "").trim();
}

function rejected(reason: string, interval?: Interval): RowOutcome {
  return interval ? { kind: "rejected", reason, ...interval } : { kind: "rejected", reason };
}
