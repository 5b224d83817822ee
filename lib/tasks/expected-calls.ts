import type { DataSourceType } from "../connectors/contract";
import { connectorOf, settingsOf } from "../connectors/registry";
import { intervalSeconds } from "../jobs/intervals";
import { nominalSeconds } from "../time";
import { batchSize } from "./limits";

interface CollectedMeter {
  type: string;
  dataSourceType: DataSourceType;
  settings: Record<string, unknown>;
}

/** What collecting intervals of a job costs, at most: `calls` for each `intervals` neighbours that are collected together. */
export interface ExpectedCalls {
  intervals: number;
  calls: number;
  /** For one interval by itself, with as many before it as are read again. */
  alone(rereadIntervals: number): number;
}

/** Buckets and uploaded files are read without calls that anybody counts: their meters have 0. */
export function expectedCalls(meter: CollectedMeter, interval: string): ExpectedCalls {
  const connector = connectorOf(meter.type);
  const longest = connector.maxRange === undefined ? Number.POSITIVE_INFINITY : nominalSeconds(connector.maxRange);
  const seconds = intervalSeconds(interval);
  const settings = settingsOf(connector, meter.dataSourceType, meter.settings);
  const perRange = meter.dataSourceType === "API" ? (connector.callsPerRange?.(settings) ?? 1) : 0;
  const rangesOf = (length: number) => Math.max(1, Math.ceil(length / longest));
  return {
    intervals: Math.max(1, Math.min(Math.floor(longest / seconds), batchSize.backfillTasks)),
    calls: rangesOf(seconds) * perRange,
    alone: (rereadIntervals) => rangesOf(seconds * (1 + rereadIntervals)) * perRange,
  };
}
