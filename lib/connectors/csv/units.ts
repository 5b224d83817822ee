import type { MetricName } from "../../metrics/registry";
import { decimalTimesPowerOfTen, joulesToKwh, kwToKwh } from "../../units";

/** Metrics a column can hold. */
export const csvMetrics = [
  "eRealKwh",
  "eRealPositiveKwh",
  "eRealNegativeKwh",
  "eReactiveKvarh",
  "vRmsMin",
  "vRmsMax",
  "iRmsMin",
  "iRmsMax",
] as const satisfies readonly MetricName[];
export type CsvMetric = (typeof csvMetrics)[number];

/** Units a column can be in. Watts and vars are means over the interval. */
export const csvUnits = [
  "Wh",
  "kWh",
  "MWh",
  "J",
  "W",
  "kW",
  "MW",
  "varh",
  "kvarh",
  "Mvarh",
  "var",
  "kvar",
  "Mvar",
  "V",
  "kV",
  "mA",
  "A",
] as const;
export type CsvUnit = (typeof csvUnits)[number];

type Quantity = "active" | "reactive" | "voltage" | "current";

interface Unit {
  quantity: Quantity;
  /** A written value times ten to this power is in the metric's unit, or in kW or kvar where `isPower`. */
  exponent: number;
  isPower?: boolean;
  isJoules?: boolean;
}

const UNITS: Record<CsvUnit, Unit> = {
  Wh: { quantity: "active", exponent: -3 },
  kWh: { quantity: "active", exponent: 0 },
  MWh: { quantity: "active", exponent: 3 },
  J: { quantity: "active", exponent: 0, isJoules: true },
  W: { quantity: "active", exponent: -3, isPower: true },
  kW: { quantity: "active", exponent: 0, isPower: true },
  MW: { quantity: "active", exponent: 3, isPower: true },
  varh: { quantity: "reactive", exponent: -3 },
  kvarh: { quantity: "reactive", exponent: 0 },
  Mvarh: { quantity: "reactive", exponent: 3 },
  var: { quantity: "reactive", exponent: -3, isPower: true },
  kvar: { quantity: "reactive", exponent: 0, isPower: true },
  Mvar: { quantity: "reactive", exponent: 3, isPower: true },
  V: { quantity: "voltage", exponent: 0 },
  kV: { quantity: "voltage", exponent: 3 },
  mA: { quantity: "current", exponent: -3 },
  A: { quantity: "current", exponent: 0 },
};

const QUANTITIES: Record<CsvMetric, Quantity> = {
  eRealKwh: "active",
  eRealPositiveKwh: "active",
  eRealNegativeKwh: "active",
  eReactiveKvarh: "reactive",
  vRmsMin: "voltage",
  vRmsMax: "voltage",
  iRmsMin: "current",
  iRmsMax: "current",
};

export function isUnitOf(unit: CsvUnit, metric: CsvMetric): boolean {
  return UNITS[unit].quantity === QUANTITIES[metric];
}

/** Whether a written value is in the metric's unit as it stands. */
export function isMetricUnit(unit: CsvUnit): boolean {
  const { exponent, isPower, isJoules } = UNITS[unit];
  return exponent === 0 && !isPower && !isJoules;
}

/** A decimal as written (with a point) in the metric's unit; power counts over the interval's length. */
export function inMetricUnit(decimal: string, unit: CsvUnit, seconds: number): number {
  const { exponent, isPower, isJoules } = UNITS[unit];
  const value = decimalTimesPowerOfTen(decimal, exponent);
  if (isPower) return kwToKwh(value, seconds);
  return isJoules ? joulesToKwh(value) : value;
}
