import { joulesToKwh } from "../../units";
import { collectReadings, startsInside } from "../collect-readings";
import type { ParseContext, Parsed, RawInput, Reading, Reject, RejectKind } from "../contract";
import { NO_CONTENT_TYPE } from "../json-body";
import { SourceError } from "../source-error";
import { isRow, readRows, type VendorRow } from "./rows";
import type { WattwatchersSettings } from "./settings";

/** Long energy is recorded in five-minute intervals; coarser rows are sums whose stamps are shifted by one of them. */
const DURATION_SECONDS = 300;

/**
 * Long-energy rows to readings. Vendor stamps are interval ENDS in Unix seconds; ours are starts. Energy in kWh (from
 * joules where the field says so), positive = flowing in the direction of the sensor, summed over the chosen channels;
 * voltage in V and current in A, lowest and highest over them. Null: the vendor did not send it.
 * Source: Wattwatchers API v3, long energy, granularity 5m, from the API or archived.
 */
export async function parseLongEnergy(
  inputs: readonly RawInput[],
  context: ParseContext<WattwatchersSettings>,
): Promise<Parsed> {
  const rejects: Reject[] = [];
  const readings: Reading[] = [];
  let rowsRead = 0;
  for (const input of inputs) {
    const bytes = await input.bytes();
    if (bytes.length === 0 && input.contentType.startsWith(NO_CONTENT_TYPE)) continue;
    const prefix = inputs.length > 1 ? `${input.name} ` : "";
    const reject = (index: number, { reason, kind }: Refusal, startEpochSeconds?: number) =>
      rejects.push({ row: `${prefix}[${index}]`, reason, startEpochSeconds, ...(kind && { kind }) });
    // A fresh answer of the API can be whole; an object in a bucket stays what it is.
    const body = readRows(bytes, input.name, context.dataSourceType === "API");
    // Of the whole body, so that what a row gives does not depend on the range it is read for.
    const channelCount = usualChannelCount(body.filter(isRow));
    assertChannels(context.settings, channelCount);
    const seen = new Map<number, { index: number; reading: Reading }>();
    for (const [index, row] of body.entries()) {
      if (!isRow(row)) {
        rowsRead += 1;
        reject(index, { reason: "The row has no timestamp in whole Unix seconds." });
        continue;
      }
      const start = row.timestamp - DURATION_SECONDS;
      if (!startsInside(start, context.range)) continue;
      rowsRead += 1;
      const wrong = wrongWithShape(row);
      if (wrong) {
        reject(index, wrong, start);
        continue;
      }
      const reading = readingOf(row, start, channelCount, context.settings);
      if ("reason" in reading) {
        reject(index, reading, start);
        continue;
      }
      const earlier = seen.get(start);
      if (earlier && JSON.stringify(earlier.reading) !== JSON.stringify(reading)) {
        const reason = "The same interval comes again later with other values; the later row is used.";
        reject(earlier.index, { reason, kind: "duplicate" }, start);
      }
      seen.set(start, { index, reading });
      readings.push(reading);
    }
  }
  return { readings: collectReadings(readings, context.range), rejects, rowsRead };
}

interface Refusal {
  reason: string;
  kind?: RejectKind;
}

/** Undefined for a row that can be read. */
function wrongWithShape(row: VendorRow): Refusal | undefined {
  if (row.duration === undefined) return { reason: "The row does not say how long it lasts (duration)." };
  if (row.duration !== DURATION_SECONDS) {
    const reason = `The row lasts ${String(row.duration)} seconds; only five-minute rows (300) are read.`;
    return { reason, kind: "interval-length" };
  }
  if (row.timestamp % DURATION_SECONDS !== 0) {
    return { reason: `The stamp ${row.timestamp} is not on a five-minute mark.`, kind: "clock-drift" };
  }
  if (!("eReal" in row) && !("eRealKwh" in row)) {
    return { reason: "The row has neither eReal nor eRealKwh: ask for energy, not power." };
  }
  return undefined;
}

/** The number of channels most rows have; of two equally frequent numbers the larger. Undefined without rows. */
function usualChannelCount(rows: readonly VendorRow[]): number | undefined {
  const frequency = new Map<number, number>();
  for (const row of rows) {
    const energy = energyOf(row, "eReal", "eRealKwh")?.values;
    if (energy) frequency.set(energy.length, (frequency.get(energy.length) ?? 0) + 1);
  }
  return [...frequency].sort(([countA, a], [countB, b]) => b - a || countB - countA)[0]?.[0];
}

/** Throws SourceError `CHANNEL_MISSING` when the settings name a channel that the device does not have. */
export function assertChannels(settings: WattwatchersSettings, channelCount: number | undefined): void {
  if (channelCount === undefined) return;
  const missing = [...(settings.channels ?? []), ...(settings.invert ?? [])].find((channel) => channel > channelCount);
  if (missing === undefined) return;
  throw new SourceError(
    "CHANNEL_MISSING",
    `The settings name channel ${missing}, but the device sends ${channelCount} ${channelCount === 1 ? "channel" : "channels"}. Correct the meter's channels.`,
    { isRetryable: false },
  );
}

/** A reading, or why the row is none. Runs for every row of a backfill, so it makes no objects but the reading. */
function readingOf(
  row: VendorRow,
  start: number,
  channelCount: number | undefined,
  settings: WattwatchersSettings,
): Reading | Refusal {
  const net = energyOf(row, "eReal", "eRealKwh");
  if (!net) return { reason: "Its energies are no list of numbers." };
  // Chosen channels say by themselves what must be there; of "all" nobody knows which are missing.
  if (settings.channels === undefined && net.values.length !== channelCount) {
    return withoutSum(
      `The row has ${net.values.length} channels where the other rows of the answer have ${channelCount}.`,
    );
  }
  const channels = settings.channels ?? allChannels(net.values.length);
  for (const channel of channels) {
    if (typeof net.values[channel - 1] !== "number") return withoutSum(`Channel ${channel} has no energy in this row.`);
  }
  const positive = energyOf(row, "eRealPositive", "eRealPositiveKwh");
  const negative = energyOf(row, "eRealNegative", "eRealNegativeKwh");
  const reactive = energyOf(row, "eReactive", "eReactiveKwh");
  const odd = [positive, negative, reactive].find((part) => part && part.values.length !== net.values.length);
  if (odd) return withoutSum(`${odd.name} has ${odd.values.length} channels and ${net.name} has ${net.values.length}.`);
  const { invert = [] } = settings;
  return {
    startEpochSeconds: start,
    durationSeconds: DURATION_SECONDS,
    quality: "actual",
    eRealKwh: sumKwh(channels, invert, net, net, -1),
    // A sensor mounted the other way round takes what it calls sent, and the reverse.
    eRealPositiveKwh: sumKwh(channels, invert, positive, negative, 1),
    eRealNegativeKwh: sumKwh(channels, invert, negative, positive, 1),
    eReactiveKvarh: sumKwh(channels, invert, reactive, reactive, -1),
    vRmsMin: extreme(row.vRMSMin, channels, net.values.length, -1),
    vRmsMax: extreme(row.vRMSMax, channels, net.values.length, 1),
    iRmsMin: extreme(row.iRMSMin, channels, net.values.length, -1),
    iRmsMax: extreme(row.iRMSMax, channels, net.values.length, 1),
  };
}

const withoutSum = (reason: string): Refusal => ({ reason, kind: "channel-sum" });

const channelLists: number[][] = [];

/** 1, 2, … for a number of channels; the same list each time. */
function allChannels(count: number): readonly number[] {
  channelLists[count] ??= Array.from({ length: count }, (_, index) => index + 1);
  return channelLists[count];
}

interface Energy {
  name: string;
  values: (number | null)[];
  isJoules: boolean;
}

/** The field in kWh (`eRealKwh`) or in joules (`eReal`), whichever was sent; undefined when neither is a list of numbers. */
function energyOf(row: VendorRow, joules: string, kwh: string): Energy | undefined {
  const isJoules = row[kwh] === undefined;
  const name = isJoules ? joules : kwh;
  const values = numbersOf(row[name]);
  return values && { name, values, isJoules };
}

function numbersOf(value: unknown): (number | null)[] | undefined {
  if (!Array.isArray(value)) return undefined;
  for (const entry of value) if (entry !== null && !Number.isFinite(entry)) return undefined;
  return value;
}

/**
 * The sum over the channels, of `inverted` with its sign where a channel is inverted. Null as soon as one channel's part is
 * unknown: a sum without it would be too small and look whole.
 */
function sumKwh(
  channels: readonly number[],
  invert: readonly number[],
  upright: Energy | undefined,
  inverted: Energy | undefined,
  invertedSign: 1 | -1,
): number | null {
  // Joules are summed as the integers they are and converted once.
  let joules = 0;
  let kwh = 0;
  for (const channel of channels) {
    const isInverted = invert.includes(channel);
    const part = isInverted ? inverted : upright;
    const value = part?.values[channel - 1];
    if (!part || typeof value !== "number") return null;
    const signed = isInverted ? invertedSign * value : value;
    if (part.isJoules) joules += signed;
    else kwh += signed;
  }
  return kwh + joulesToKwh(joules);
}

/**
 * The lowest (-1) or highest (1) over the chosen channels where there is one value per channel, otherwise over all (one
 * value per phase).
 */
function extreme(field: unknown, channels: readonly number[], channelCount: number, direction: 1 | -1): number | null {
  const values = numbersOf(field);
  if (!values) return null;
  const isPerChannel = values.length === channelCount;
  let best: number | null = null;
  for (let index = 0; index < (isPerChannel ? channels.length : values.length); index++) {
    const value = values[isPerChannel ? (channels[index] ?? 0) - 1 : index];
    if (typeof value === "number" && (best === null || (value - best) * direction > 0)) best = value;
  }
  return best;
}
