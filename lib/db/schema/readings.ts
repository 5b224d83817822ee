import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, numeric, pgEnum, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { qualities } from "../../metrics/registry";
import { instant } from "./columns";

export const readingQuality = pgEnum("reading_quality", qualities);

// numeric, not double precision: decimal text in, the same digits out, and sums that do not depend on row order.
const metricColumns = () => ({
  eRealKwh: numeric("e_real_kwh"),
  eRealPositiveKwh: numeric("e_real_positive_kwh"),
  eRealNegativeKwh: numeric("e_real_negative_kwh"),
  eReactiveKvarh: numeric("e_reactive_kvarh"),
  vRmsMin: numeric("v_rms_min"),
  vRmsMax: numeric("v_rms_max"),
  iRmsMin: numeric("i_rms_min"),
  iRmsMax: numeric("i_rms_max"),
  pvEstimateKw: numeric("pv_estimate_kw"),
  pvEstimate10Kw: numeric("pv_estimate10_kw"),
  pvEstimate90Kw: numeric("pv_estimate90_kw"),
  pvEstimateKwh: numeric("pv_estimate_kwh"),
  carbonTons: numeric("carbon_tons"),
});

const readingColumns = () => ({
  meterId: uuid("meter_id").notNull(),
  /** START of the interval. */
  timestamp: instant("timestamp").notNull(),
  durationSeconds: integer("duration_seconds").notNull(),
  ...metricColumns(),
  /** The factor behind `carbonTons`, and its value in kg CO2-e per kWh. */
  carbonFactorId: uuid("carbon_factor_id"),
  carbonFactorValue: numeric("carbon_factor_value"),
  quality: readingQuality("quality").notNull(),
  taskId: uuid("task_id").notNull(),
  /** The transformed object the row was read from. */
  objectId: uuid("object_id").notNull(),
  /** 1, raised by every restatement. */
  revision: integer("revision").notNull().default(1),
  ingestedAt: instant("ingested_at").notNull(),
});

/** The one table. Partitioned by month of `timestamp` (see the migrations); partitions are made as needed. */
export const meterData = pgTable("meter_data", readingColumns(), (table) => [
  primaryKey({ name: "meter_data_pkey", columns: [table.meterId, table.timestamp] }),
]);

/**
 * Rows that a restatement replaced, as they were. Its cause is one of two: a task that brought other readings, or a recompute
 * of carbon after a change of emission factors.
 */
export const meterDataRevisions = pgTable(
  "meter_data_revisions",
  {
    ...readingColumns(),
    replacedAt: instant("replaced_at").notNull(),
    replacedByTaskId: uuid("replaced_by_task_id"),
    replacedByRecomputeId: uuid("replaced_by_recompute_id"),
  },
  (table) => [
    primaryKey({ name: "meter_data_revisions_pkey", columns: [table.meterId, table.timestamp, table.revision] }),
    index("meter_data_revisions_task_idx").on(table.replacedByTaskId),
    check(
      "meter_data_revisions_one_cause",
      sql`num_nonnulls(${table.replacedByTaskId}, ${table.replacedByRecomputeId}) = 1`,
    ),
  ],
);

/**
 * How often a meter's month (UTC) was changed, raised in the transaction of every change: what readers compare instead of the
 * rows. A month without a row has not changed since it was first read.
 */
export const meterDataVersions = pgTable(
  "meter_data_versions",
  {
    meterId: uuid("meter_id").notNull(),
    monthAt: instant("month_at").notNull(),
    version: bigint("version", { mode: "number" }).notNull().default(1),
  },
  (table) => [primaryKey({ name: "meter_data_versions_pkey", columns: [table.meterId, table.monthAt] })],
);

const rollupColumns = () => ({
  readings: integer("readings").notNull(),
  /** Readings that are not `actual`. */
  estimated: integer("estimated").notNull(),
  /** Readings whose revision is above 1. */
  restated: integer("restated").notNull(),
  coveredSeconds: integer("covered_seconds").notNull(),
  ...metricColumns(),
});

/** Per UTC hour; a reading belongs to the hour its interval starts in. */
export const meterDataHourly = pgTable(
  "meter_data_hourly",
  { meterId: uuid("meter_id").notNull(), hour: instant("hour").notNull(), ...rollupColumns() },
  (table) => [primaryKey({ name: "meter_data_hourly_pkey", columns: [table.meterId, table.hour] })],
);

/** Per civil day in the meter's zone: 23 to 25 hours. */
export const meterDataDaily = pgTable(
  "meter_data_daily",
  { meterId: uuid("meter_id").notNull(), day: date("day", { mode: "string" }).notNull(), ...rollupColumns() },
  (table) => [primaryKey({ name: "meter_data_daily_pkey", columns: [table.meterId, table.day] })],
);
