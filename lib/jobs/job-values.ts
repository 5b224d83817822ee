import type { z } from "zod";
import { connectorOf } from "../connectors/registry";
import { InvalidInput } from "../errors";
import { parseInput } from "../field-errors";
import { mrvSettings } from "../mrv/settings";
import { nominalSeconds } from "../time";
import type { JobRow, MeterRow } from "./internal";
import { isCivil } from "./intervals";
import type { createJobInput } from "./schemas";

/** Records are made some time after the last reading can be there: corrections of a day often come within hours. */
const RECORD_AFTER_SECONDS = 3 * 3600;
const LONGEST_DELAY_SECONDS = 31 * 86_400;

/** What a new job is, with what was left out filled in from its meter and type. */
export function jobValues(given: z.output<typeof createJobInput>, meter: MeterRow) {
  const connector = connectorOf(meter.type);
  const interval = given.interval ?? (given.type === "mrv" ? "P1D" : connector.defaultTaskInterval);
  const delaySeconds =
    given.delay === undefined ? defaultDelay(given.type, connector.availabilityLag) : nominalSeconds(given.delay);
  return {
    name: given.name ?? defaultName(given.type, interval),
    meterId: meter.id,
    type: given.type,
    startAt: given.startAt,
    endAt: given.endAt ?? null,
    interval,
    timezone: given.timezone ?? meter.timezone,
    delaySeconds,
    ...collecting(given.type, given),
    maxRetries: given.maxRetries,
    settings: jobSettings(given.type, given.settings),
  };
}

/** Only ETL jobs ask a source: what an MRV job is told about that stays without effect, and reads so. */
export function collecting<Given extends { rereadIntervals?: number; forceOverride?: boolean }>(
  type: JobRow["type"],
  { rereadIntervals, forceOverride }: Given,
): Pick<Given, "rereadIntervals" | "forceOverride"> {
  return type === "mrv" ? { rereadIntervals: 0, forceOverride: false } : { rereadIntervals, forceOverride };
}

/** ETL jobs have none; those of MRV jobs are parsed, defaults filled in. Throws InvalidInput at `settings.…`. */
export function jobSettings(type: JobRow["type"], settings: Record<string, unknown>): Record<string, unknown> {
  if (type === "mrv") return parseInput(mrvSettings, settings, "settings");
  const [unknown] = Object.keys(settings);
  if (unknown === undefined) return {};
  throw new InvalidInput(`ETL jobs take no settings: remove ${unknown}.`, {
    [`settings.${unknown}`]: "There is no such setting: remove it.",
  });
}

/** Of an MRV job whole hours, so that the records of a morning come together. */
export function defaultDelay(type: JobRow["type"], availabilityLag: string): number {
  const lag = nominalSeconds(availabilityLag);
  if (type === "etl") return lag;
  return Math.min(Math.ceil((lag + RECORD_AFTER_SECONDS) / 3600) * 3600, LONGEST_DELAY_SECONDS);
}

function defaultName(type: JobRow["type"], interval: string): string {
  const words: Record<string, string> = { P1D: "every day", P7D: "every week", P1M: "every month", PT1H: "every hour" };
  const length = interval.replace("PT", "").replace("M", " minutes").replace("H", " hours");
  const verb = type === "mrv" ? "Record" : "Collect";
  return `${verb} ${words[interval] ?? (isCivil(interval) ? interval : `every ${length}`)}`;
}
