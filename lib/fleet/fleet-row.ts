import { z } from "zod";
import type { DataSourceType } from "../connectors/contract";
import { type MeterState, meterStates } from "./meter-states";
import type { DayCoverage } from "./strip";

export const fleetPageSize = 50;
export const fleetSorts = ["name", "newest", "state"] as const;

/** What the meters page is narrowed to and ordered by. */
export const exportFleetInput = z.strictObject({
  search: z.string().max(200).default(""),
  types: z.array(z.string().max(60)).default([]),
  states: z.array(z.enum(meterStates)).default([]),
  regions: z.array(z.string().max(60)).default([]),
  hasFindings: z.boolean().default(false),
  sort: z.enum(fleetSorts).default("name"),
  descending: z.boolean().default(false),
});

export interface FleetRow {
  id: string;
  name: string;
  type: string;
  dataSourceType: DataSourceType;
  /** What tells the meter apart at its source: the NMI where the settings have one, else the data source. */
  sourceId: string;
  timezone: string;
  region: string | null;
  /** That signs its records. */
  device: { id: string; name: string } | null;
  capacityKw: number | null;
  newestReadingAt: string | null;
  state: MeterState;
  lateBySeconds: number;
  waitUntil: string | null;
  /** 30 civil days, oldest first. */
  strip: DayCoverage[];
  /** 0 to 1 over these days; null where nothing was expected. */
  coverage: number | null;
  /** Open and not acknowledged. */
  findings: number;
}

export interface FleetList {
  rows: FleetRow[];
  total: number;
  /** Of all meters in scope, whatever the filter. */
  countsByState: Partial<Record<MeterState, number>>;
  countsByType: Record<string, number>;
  types: string[];
  regions: string[];
}
