import { shareOf } from "../faults";
import type { ChannelKind, SimulatedDevice } from "./fleet";

export const INTERVAL_SECONDS = 300;
export const PER_DAY = 288;
const DAY_SECONDS = 86_400;

/** One UTC day of a device, five-minute intervals by START. Energies are whole joules, one array per channel. */
export interface DeviceDay {
  positive: Float64Array[];
  negative: Float64Array[];
  reactive: Float64Array[];
  /** Volts, one array per phase; amperes, one per channel. */
  vMin: Float64Array[];
  vMax: Float64Array[];
  iMin: Float64Array[];
  iMax: Float64Array[];
}

/** Numbers in [0, 1) from integers, quick enough for every value of every interval. */
function noise(seed: number, a: number, b: number): number {
  let hash = Math.imul(a ^ seed, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
}

const bump = (hour: number, centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
const table = (shape: (hour: number) => number) => Float64Array.from({ length: PER_DAY }, (_, at) => shape(at / 12));

/** kW of a usual household or business by local time of day. */
const SHAPES = {
  homeWeekday: table((h) => 0.25 + 0.9 * bump(h, 7.3, 1.1) + 0.25 * bump(h, 12.5, 2) + 1.5 * bump(h, 19, 2.2)),
  homeWeekend: table((h) => 0.27 + 0.7 * bump(h, 9, 1.8) + 0.6 * bump(h, 13, 2.5) + 1.3 * bump(h, 18.8, 2.4)),
  businessWeekday: table((h) => 0.35 + 1.6 / (1 + Math.exp(-(h - 7.2) * 2.2)) / (1 + Math.exp((h - 17.3) * 1.8))),
  businessWeekend: table((h) => 0.33 + 0.12 * bump(h, 12, 4)),
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Seconds east of UTC at noon UTC of a day: near enough for a curve. */
function offsetSeconds(timezone: string, dayStart: number): number {
  let formatter = formatters.get(timezone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
    formatters.set(timezone, formatter);
  }
  const name = formatter
    .formatToParts((dayStart + DAY_SECONDS / 2) * 1000)
    .find((part) => part.type === "timeZoneName")?.value;
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? "");
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60) : 0;
}

/** A day follows from the seed, the device and its date alone. */
export function computeDay(seed: number, device: SimulatedDevice, dayStart: number): DeviceDay {
  const deviceSeed = Math.floor(shareOf(seed, device.id) * 0x7fffffff);
  const dayNumber = dayStart / DAY_SECONDS;
  const offset = offsetSeconds(device.timezone, dayStart);
  const solar = solarKwOfDay(deviceSeed, device, dayNumber);
  const day = emptyDay(device);
  // 1 in mid January, -1 in mid July: the southern summer.
  const season = Math.cos(((dayNumber - 15) / 365.25) * 2 * Math.PI);
  const solarChannels = device.channels.filter((channel) => channel.kind === "solar").length || 1;

  for (let at = 0; at < PER_DAY; at++) {
    const interval = dayNumber * PER_DAY + at;
    const local = dayStart + at * INTERVAL_SECONDS + offset;
    const localDay = Math.floor(local / DAY_SECONDS);
    const slot = Math.floor((local - localDay * DAY_SECONDS) / INTERVAL_SECONDS);
    const isWeekend = (localDay + 4) % 7 === 0 || (localDay + 4) % 7 === 6;
    const sun = solar[at] ?? 0;
    let homeLoad = 0;
    for (let channel = device.channels.length - 1; channel >= 0; channel--) {
      const kind = device.channels[channel]?.kind ?? "circuits";
      const jitter = noise(deviceSeed, interval, channel + 1);
      let kw: number;
      if (kind === "solar") kw = sun > 0 ? sun / solarChannels : -0.006;
      else if (kind === "grid") kw = homeLoad - sun;
      else {
        kw = loadKw(kind, { device, slot, localDay, isWeekend, season, channel, deviceSeed }) * (0.8 + 0.4 * jitter);
        homeLoad += kw;
      }
      writeEnergy(day, channel, at, { kw, jitter, isTwoWay: kind === "grid" });
    }
    for (let phase = 0; phase < device.phases; phase++) {
      const jitter = noise(deviceSeed, interval, 101 + phase);
      const volts = 240 - Math.min(6, homeLoad * 0.5) + Math.min(6, sun * 0.4) + jitter * 3;
      set(day.vMin, phase, at, Math.round((volts - 1 - jitter) * 10) / 10);
      set(day.vMax, phase, at, Math.round((volts + 1 + jitter) * 10) / 10);
    }
  }
  return day;
}

interface LoadAt {
  device: SimulatedDevice;
  slot: number;
  localDay: number;
  isWeekend: boolean;
  season: number;
  channel: number;
  deviceSeed: number;
}

function loadKw(kind: ChannelKind, at: LoadAt): number {
  const hour = at.slot / 12;
  const dayFactor = 0.85 + 0.3 * noise(at.deviceSeed, at.localDay, 200 + at.channel);
  if (kind === "phase") {
    const shape = at.isWeekend ? SHAPES.businessWeekend : SHAPES.businessWeekday;
    return ((shape[at.slot] ?? 0) * at.device.loadFactor * dayFactor) / 3;
  }
  if (kind === "hotWater") {
    // An off-peak tank: from one o'clock for one to three hours.
    const hours = 1 + 2 * noise(at.deviceSeed, at.localDay, 300);
    return hour >= 1 && hour < 1 + hours ? 3.6 : 0.002;
  }
  if (kind === "airConditioning") {
    const isHot = noise(at.deviceSeed, at.localDay, 301) < 0.35 + 0.3 * Math.abs(at.season);
    const afternoon = bump(hour, at.season > 0 ? 16 : 19, 3);
    return isHot ? 0.01 + 2.2 * Math.abs(at.season) * afternoon * dayFactor : 0.01;
  }
  const shape = at.isWeekend ? SHAPES.homeWeekend : SHAPES.homeWeekday;
  return (shape[at.slot] ?? 0) * at.device.loadFactor * dayFactor * 0.5;
}

/** kW of all panels for every interval of a UTC day: the sun's height, the day's weather, passing clouds. */
function solarKwOfDay(deviceSeed: number, device: SimulatedDevice, dayNumber: number): Float64Array {
  const result = new Float64Array(PER_DAY);
  if (device.solarKw === 0) return result;
  const declination = -0.4091 * Math.cos(((dayNumber + 10) / 365.25) * 2 * Math.PI);
  const latitude = (device.latitude * Math.PI) / 180;
  const rise = Math.sin(latitude) * Math.sin(declination);
  const swing = Math.cos(latitude) * Math.cos(declination);
  for (let at = 0; at < PER_DAY; at++) {
    const solarHour = ((at + 0.5) / 12 + device.longitude / 15) % 24;
    const height = rise + swing * Math.cos(((solarHour - 12) / 12) * Math.PI);
    if (height <= 0.01) continue;
    // The day that is lit is the site's own, which starts in the UTC day before.
    const litDay = Math.floor(dayNumber + (at / 12 + device.longitude / 15) / 24);
    const weather = noise(deviceSeed, litDay, 400);
    const [sky, clouds] = weather < 0.55 ? [0.96, 0.04] : weather < 0.85 ? [0.7, 0.45] : [0.28, 0.15];
    const interval = dayNumber * PER_DAY + at;
    const passing = (noise(deviceSeed, Math.floor(interval / 4), 401) + noise(deviceSeed, interval, 402)) / 2;
    result[at] = device.solarKw * 0.88 * height ** 1.15 * (sky - clouds * passing);
  }
  return result;
}

function writeEnergy(
  day: DeviceDay,
  channel: number,
  at: number,
  { kw, jitter, isTwoWay }: { kw: number; jitter: number; isTwoWay: boolean },
): void {
  const joules = Math.round(kw * INTERVAL_SECONDS * 1000);
  // Near zero the grid's direction changes within five minutes, which only the two parts show.
  const overlap = isTwoWay && Math.abs(kw) < 0.25 ? Math.round(jitter * 4_000) : 0;
  set(day.positive, channel, at, Math.max(joules, 0) + overlap);
  set(day.negative, channel, at, Math.max(-joules, 0) + overlap);
  set(day.reactive, channel, at, Math.round(joules * (0.08 + 0.1 * jitter)));
  const amperes = Math.abs(kw) / 0.24;
  set(day.iMin, channel, at, Math.round(amperes * (0.95 - 0.3 * jitter) * 1000) / 1000);
  set(day.iMax, channel, at, Math.round(amperes * (1.05 + 0.5 * jitter) * 1000) / 1000);
}

function set(arrays: Float64Array[], index: number, at: number, value: number): void {
  const array = arrays[index];
  if (array) array[at] = value;
}

function emptyDay(device: SimulatedDevice): DeviceDay {
  const arrays = (count: number) => Array.from({ length: count }, () => new Float64Array(PER_DAY));
  const channels = device.channels.length;
  return {
    positive: arrays(channels),
    negative: arrays(channels),
    reactive: arrays(channels),
    vMin: arrays(device.phases),
    vMax: arrays(device.phases),
    iMin: arrays(channels),
    iMax: arrays(channels),
  };
}
