import type { z } from "zod";
import type { MetricName, Quality } from "../metrics/registry";
import type { Readings } from "./readings";

/** Half-open range of UTC instants `[from, to)`. */
export interface Range {
  from: Date;
  to: Date;
}

/** `UPLOAD`: nothing is asked; people bring files. Every meter type takes them, beside its source or instead of one. */
export type DataSourceType = "API" | "S3" | "UPLOAD";

/** What a source can say; carbon is computed. */
export type SourceMetric = Exclude<MetricName, "carbonTons">;

/**
 * One interval of a meter. Energies in kWh, positive = taken from the grid or generated at the channel as the meter's
 * settings say; null or absent = the source did not say, never 0. Stamped with the interval's START.
 */
export type Reading = {
  /** Unix seconds, UTC, of the start of the interval. */
  startEpochSeconds: number;
  durationSeconds: number;
  quality: Quality;
} & Partial<Record<SourceMetric, number | null>>;

/** A row that is no reading. Rows are rejected one by one; a body that is not what it should be throws SourceError. */
export interface Reject {
  /** Where in the input: "line 12", "[3]", with the entry's name when there are several inputs. */
  row: string;
  reason: string;
  /** Start of its interval where the row tells one: the reject is then kept on the task of that interval. */
  startEpochSeconds?: number;
  /** Of its interval where it is longer than a reading's: a day that cannot be read explains every hour of it. */
  durationSeconds?: number;
  /** What is wrong, where a check of readings looks for it: a row that was refused is not among the readings. */
  kind?: RejectKind;
}

/**
 * `duplicate`: its interval is there again with other values, or overlaps another. `interval-length`: it lasts unlike the meter's other
 * rows. `clock-drift`: it is not on its mark. `channel-sum`: a channel is missing of those that are summed.
 */
export type RejectKind = "duplicate" | "interval-length" | "clock-drift" | "channel-sum";

/**
 * Which way energy flows at a meter, and what its sign says. `generation`: positive is generated, there is nothing else. `load`: positive is
 * taken, there is nothing else. `feed-in`: what is sent alone, counted negative. `both`: positive is taken, negative is sent.
 */
export type Flow = "generation" | "load" | "feed-in" | "both";

export interface Parsed {
  /** Sorted by start, without duplicates, all starts inside the asked range. */
  readings: Readings;
  rejects: Reject[];
  /** Rows of the source looked at for this meter, good and bad. */
  rowsRead: number;
}

/** One archived object, unpacked. `bytes` reads it whole; `lines` and `chunks` stream it, for large files. */
export interface RawInput {
  name: string;
  contentType: string;
  bytes(): Promise<Uint8Array>;
  chunks(): AsyncIterable<Uint8Array>;
  /** Decoded as UTF-8, without line ends (CRLF, LF or CR); a byte order mark is dropped. */
  lines(): AsyncIterable<string>;
}

export interface ParseContext<Settings> {
  settings: Settings;
  /** `data_source` of the meter: a vendor's id for API meters, the bucket for S3 meters. */
  dataSource: string;
  /** Where these bytes come from: a file can be uploaded to any meter. */
  dataSourceType: DataSourceType;
  /** IANA zone of the meter. */
  timezone: string;
  /** Only readings that start inside are kept. */
  range: Range;
  /** Where the range does not bound them: a parser throws SourceError `TOO_MANY_READINGS` as soon as it would hold more. */
  mostReadings?: number;
}

export interface FetchContext<Settings, Credentials> {
  settings: Settings;
  credentials: Credentials;
  dataSource: string;
  timezone: string;
  /** The vendor's address, without a trailing slash. */
  baseUrl: string;
  /** Takes quota, limits time and size, refuses forbidden addresses. Connectors call nothing else. */
  fetch: typeof fetch;
  now(): Date;
}

export interface Answer {
  /** What these bytes cover. */
  range: Range;
  /** Exactly as received. */
  bytes: Uint8Array;
  contentType: string;
  /** The request's URL without secrets. */
  origin: string;
}

/** One answer of those that a range takes, each from an endpoint of its own. */
export interface ExpectedAnswer {
  /** The last part of the path of its address. */
  endpoint: string;
  range: Range;
  /** It reaches from the call on: whatever was given after the range had ended stands for it. */
  isAhead?: boolean;
}

/** "Test connection": a sentence, facts worth showing, the newest reading found. */
export interface TestResult {
  reached: string;
  found: { label: string; value: string }[];
  newestReadingAt: Date | null;
  /** What a setting can be chosen from, as the source has it. */
  choices?: SettingChoices[];
}

export interface SettingChoices {
  /** Name of a setting that is a list. */
  setting: string;
  /** What an empty setting stands for. */
  whenEmpty: "all" | "none";
  options: { value: string; label: string }[];
}

/** One limit of an account as declared by us or told by the vendor's headers. */
export interface QuotaLimit {
  window: "second" | "day";
  limit: number;
  /** Told by the vendor; absent in a declaration. */
  remaining?: number;
  resetAt?: Date;
  /** The vendor never tells its limit, so what is declared with a call replaces what was declared before. */
  isDeclared?: boolean;
  /** Tasks that wait for the reset come back this long after it. */
  pauseAfterResetSeconds?: number;
}

export interface Connector<Settings = unknown, Credentials = unknown> {
  /** Stored in `meters.type`. */
  type: string;
  label: string;
  sourceTypes: readonly DataSourceType[];
  /** The name and help of `data_source` in the form, for API meters. */
  dataSourceField?: { label: string; help: string; placeholder?: string };
  /** zod, with `.meta({ title, description, … })` on every field: the meter form is generated from it. */
  settingsSchema: z.ZodType<Settings>;
  /** From the text of `data_credentials` (an API key) of an API meter; S3 credentials are the S3 source's. */
  credentialsSchema?: z.ZodType<Credentials>;
  metrics: readonly MetricName[];
  /** ISO 8601 duration of its readings; `resolutionOf` where the settings decide. */
  resolution: string;
  defaultTaskInterval: string;
  /** Longest range of one call, ISO 8601; absent where there is no limit. */
  maxRange?: string;
  /** Calls that one range takes; absent: one. API only. */
  callsPerRange?(settings: Settings): number;
  /**
   * The answers a range takes where several endpoints have them; absent: one answer, of the range. API only. A collection that
   * was cut off, or that failed in the middle, asks again only those endpoints whose answer is missing.
   */
  answers?(settings: Settings, range: Range, now: Date): ExpectedAnswer[];
  /** How long after an interval its data can be expected, ISO 8601. */
  availabilityLag: string;
  /** How far back the vendor may still change or complete data, ISO 8601. */
  restatementWindow: string;
  /**
   * How far back the API has data at all, ISO 8601; absent where it keeps everything. Older intervals fail without a call, and
   * what is not older is asked for at once: answers reach from now back.
   */
  history?: string;
  /** How long an interval without data waits before it is asked for again, ISO 8601; absent: 5, 10, 20, … minutes. */
  dataWait?: string;
  /** Calls at the hour and the quarter hour find the vendor busy: each meter has a minute of its own between them. */
  collectsOffTheQuarter?: boolean;
  /**
   * How far past an interval's end its collection may bring forecasts, ISO 8601; null: it brings none. `isAll`: nothing but
   * forecasts is collected, so an interval that is over has no readings to wait for.
   */
  ahead?(settings: Settings): { reach: string; isAll: boolean } | null;
  /** Which way energy flows where the settings tell it; undefined: they do not. */
  flow?(settings: Settings): Flow | undefined;
  /** Environment variable that overrides `defaultBaseUrl`. API only. */
  baseUrl?: { env: string; fallback: string };
  /** The setting with the calls a day of the account, where the vendor never tells them: of its meters' numbers the lowest holds. */
  dailyCallsSetting?: string;
  /** Limits of the account behind a credential before the vendor has said anything. */
  quota?(credentials: Credentials, settings: Settings): QuotaLimit[];
  /** Limits told by an answer's headers. */
  readQuota?(headers: Headers): QuotaLimit[];
  /** API only. */
  test?(context: FetchContext<Settings, Credentials>): Promise<TestResult>;
  /** API only; `range` is at most `maxRange` long. Where it has `answers`, only those of the named endpoints are asked for. */
  fetch?(
    context: FetchContext<Settings, Credentials>,
    range: Range,
    endpoints?: readonly string[],
  ): AsyncIterable<Answer>;
  /** Pure: the same inputs and context give the same result. Inputs are ordered oldest first; the later one wins. */
  parse(inputs: readonly RawInput[], context: ParseContext<Settings>): Promise<Parsed>;
}
