/**
 * Every metric of a reading, declared once. Columns, rollups, charts, the API and CSV export read this list.
 * Adding one is a line here, a column in `lib/db/schema/readings.ts` and a migration.
 */
export type Aggregate = "sum" | "mean" | "min" | "max";

export interface Metric {
  /** Name in code, JSON and CSV. */
  name: string;
  /** Column in `meter_data` and its rollups. */
  column: string;
  unit: "kWh" | "kvarh" | "kW" | "V" | "A" | "tCO2-e";
  /** How several readings become one value. */
  aggregate: Aggregate;
  label: string;
  /** Fraction digits kept; values are rounded half away from zero once, when a reading is made. */
  decimals: number;
}

export const metrics = [
  { name: "eRealKwh", column: "e_real_kwh", unit: "kWh", aggregate: "sum", label: "Energy", decimals: 9 },
  {
    name: "eRealPositiveKwh",
    column: "e_real_positive_kwh",
    unit: "kWh",
    aggregate: "sum",
    label: "Energy taken",
    decimals: 9,
  },
  {
    name: "eRealNegativeKwh",
    column: "e_real_negative_kwh",
    unit: "kWh",
    aggregate: "sum",
    label: "Energy sent",
    decimals: 9,
  },
  {
    name: "eReactiveKvarh",
    column: "e_reactive_kvarh",
    unit: "kvarh",
    aggregate: "sum",
    label: "Reactive energy",
    decimals: 9,
  },
  { name: "vRmsMin", column: "v_rms_min", unit: "V", aggregate: "min", label: "Voltage, lowest", decimals: 6 },
  { name: "vRmsMax", column: "v_rms_max", unit: "V", aggregate: "max", label: "Voltage, highest", decimals: 6 },
  { name: "iRmsMin", column: "i_rms_min", unit: "A", aggregate: "min", label: "Current, lowest", decimals: 6 },
  { name: "iRmsMax", column: "i_rms_max", unit: "A", aggregate: "max", label: "Current, highest", decimals: 6 },
  {
    name: "pvEstimateKw",
    column: "pv_estimate_kw",
    unit: "kW",
    aggregate: "mean",
    label: "PV estimate",
    decimals: 9,
  },
  {
    name: "pvEstimate10Kw",
    column: "pv_estimate10_kw",
    unit: "kW",
    aggregate: "mean",
    label: "PV estimate, 10th percentile",
    decimals: 9,
  },
  {
    name: "pvEstimate90Kw",
    column: "pv_estimate90_kw",
    unit: "kW",
    aggregate: "mean",
    label: "PV estimate, 90th percentile",
    decimals: 9,
  },
  {
    name: "pvEstimateKwh",
    column: "pv_estimate_kwh",
    unit: "kWh",
    aggregate: "sum",
    label: "PV estimate, energy",
    decimals: 9,
  },
  { name: "carbonTons", column: "carbon_tons", unit: "tCO2-e", aggregate: "sum", label: "Carbon", decimals: 12 },
] as const satisfies readonly Metric[];

export type MetricName = (typeof metrics)[number]["name"];

export const metricNames = metrics.map((metric) => metric.name) as [MetricName, ...MetricName[]];

const byName = new Map<string, Metric>(metrics.map((metric) => [metric.name, metric]));

export function isMetricName(name: string): name is MetricName {
  return byName.has(name);
}

export function metricOf(name: MetricName): Metric {
  const metric = byName.get(name);
  if (!metric) throw new Error(`No metric is named ${name}.`);
  return metric;
}

/** How a value came to be. Modelled data is never `actual`. */
export const qualities = ["actual", "estimated", "substituted", "final_substituted", "forecast"] as const;
export type Quality = (typeof qualities)[number];
