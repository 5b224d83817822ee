import type { DataSourceType } from "../connectors/contract";
import type { MeterState } from "./meter-states";
import type { DayCoverage } from "./strip";

export const fleetPageSize = 50;
export const fleetSorts = ["name", "newest", "state"] as const;

export interface FleetRow {
  id: string;
  name: string;
  type: string;
  dataSourceType: DataSourceType;
  /** What tells the meter apart at its source: the NMI where the settings have one, else the data source. */
  sourceId: string;
  timezone: string;
  region: string | null;
  capacityKw: number | null;
  newestReadingAt: string | null;
  state: MeterState;
  lateBySeconds: number;
  waitUntil: string | null;
  /** 30 civil days, oldest first. */
  strip: DayCoverage[];
  /** 0 to 1 over these days; null where nothing was expected. */
  coverage: number | null;
}

export interface FleetList {
  rows: FleetRow[];
  total: number;
  /** Of all meters in scope, whatever the filter. */
  countsByState: Partial<Record<MeterState, number>>;
  types: string[];
  regions: string[];
}
