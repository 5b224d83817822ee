import { Temporal } from "temporal-polyfill";
import { Problem } from "./problem";

const DAY = 86_400;

/** Granularities of long energy with the largest range of each, seconds; calendar ones need a time zone. */
const GRANULARITIES = {
  "5m": { maxSeconds: 7 * DAY, stepSeconds: 300 },
  "15m": { maxSeconds: 14 * DAY, stepSeconds: 900 },
  "30m": { maxSeconds: 31 * DAY, stepSeconds: 1_800 },
  hour: { maxSeconds: 90 * DAY, stepSeconds: undefined },
  day: { maxSeconds: 3 * 366 * DAY, stepSeconds: undefined },
} as const;
const SHORT_MAX_SECONDS = 12 * 3_600;

export type Granularity = keyof typeof GRANULARITIES;

export interface EnergyQuery {
  fromTs: number;
  toTs: number;
  granularity: Granularity;
  timezone: string | undefined;
  isKwh: boolean;
}

/** Without `toTs` the range ends now; without `fromTs` it is as long as it may be. Throws Problem (400 or 422). */
export function readLongQuery(query: URLSearchParams, nowSeconds: number): EnergyQuery {
  const { granularity, timezone, isKwh } = readShape(query);
  const range = readRange(query, nowSeconds, GRANULARITIES[granularity].maxSeconds, `granularity ${granularity}`);
  return { ...range, granularity, timezone, isKwh };
}

export function readShortQuery(query: URLSearchParams, nowSeconds: number): { fromTs: number; toTs: number } {
  return readRange(query, nowSeconds, SHORT_MAX_SECONDS, "short energy");
}

/** What `/first` and `/latest` take: no range. */
export function readShape(query: URLSearchParams): Pick<EnergyQuery, "granularity" | "timezone" | "isKwh"> {
  const granularity = query.get("granularity") ?? "5m";
  if (!isGranularity(granularity)) {
    throw new Problem(
      422,
      "UNPROCESSABLE_ENTITY",
      `granularity must be one of ${Object.keys(GRANULARITIES).join(", ")}.`,
    );
  }
  const timezone = query.get("timezone") ?? undefined;
  if (GRANULARITIES[granularity].stepSeconds === undefined && timezone === undefined) {
    throw new Problem(422, "UNPROCESSABLE_ENTITY", `timezone is required with granularity ${granularity}.`);
  }
  if (timezone !== undefined && !isTimezone(timezone)) {
    throw new Problem(422, "UNPROCESSABLE_ENTITY", `timezone ${timezone} is not known.`);
  }
  const energyUnit = query.get("convert[energy]");
  if (energyUnit !== null && energyUnit !== "kWh") {
    throw new Problem(422, "UNPROCESSABLE_ENTITY", "This simulator converts energy to kWh only.");
  }
  return { granularity, timezone, isKwh: energyUnit === "kWh" };
}

/** Label and length of the bucket that a stamp falls into, by the stamp itself. */
export function bucketOf(query: Pick<EnergyQuery, "granularity" | "timezone">) {
  const step = GRANULARITIES[query.granularity].stepSeconds;
  if (step !== undefined) {
    return (timestamp: number) => ({ label: Math.floor(timestamp / step) * step, duration: step });
  }
  let current = { label: 0, duration: 0 };
  return (timestamp: number) => {
    if (timestamp >= current.label && timestamp < current.label + current.duration) return current;
    const zoned = Temporal.Instant.fromEpochMilliseconds(timestamp * 1000).toZonedDateTimeISO(query.timezone ?? "UTC");
    const start =
      query.granularity === "day" ? zoned.startOfDay() : zoned.round({ smallestUnit: "hour", roundingMode: "floor" });
    const end = query.granularity === "day" ? start.add({ days: 1 }) : start.add({ hours: 1 });
    current = {
      label: start.epochMilliseconds / 1000,
      duration: (end.epochMilliseconds - start.epochMilliseconds) / 1000,
    };
    return current;
  };
}

function readRange(query: URLSearchParams, nowSeconds: number, maxSeconds: number, what: string) {
  const asked = { fromTs: readStamp(query, "fromTs"), toTs: readStamp(query, "toTs") };
  if (asked.fromTs === 0 && asked.toTs !== undefined) {
    throw new Problem(422, "UNPROCESSABLE_ENTITY", "fromTs must not be 0 when toTs is given.");
  }
  const toTs = asked.toTs ?? (asked.fromTs ? Math.min(asked.fromTs + maxSeconds, nowSeconds) : nowSeconds);
  const fromTs = asked.fromTs || toTs - maxSeconds;
  if (asked.toTs !== undefined && fromTs >= toTs) {
    throw new Problem(422, "UNPROCESSABLE_ENTITY", "fromTs must be before toTs.");
  }
  if (toTs - fromTs > maxSeconds) {
    throw new Problem(
      422,
      "UNPROCESSABLE_ENTITY",
      `The range of ${what} must not be longer than ${maxSeconds} seconds.`,
    );
  }
  return { fromTs, toTs };
}

function readStamp(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Problem(400, "BAD_REQUEST", `${name} must be a Unix time in seconds.`);
  return Number(text);
}

function isGranularity(name: string): name is Granularity {
  return name in GRANULARITIES;
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
