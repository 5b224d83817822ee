import { type MetricName, metricOf, type Quality } from "../../metrics/registry";
import { roundTo } from "../../units";
import type { Reading } from "../contract";
import type { CsvSettings } from "./settings";
import type { CsvMetric } from "./units";

/**
 * Makes readings, rounded, of the values of an interval in the order of the settings. Without a net of its own it is taken - sent, where a
 * side without a column counts 0.
 */
export class ReadingMaker {
  private readonly metrics: { name: CsvMetric; decimals: number }[];
  /** Of each of the settings' values its place among the metrics, and whether it is the first there. */
  private readonly places: { metric: number; isFirst: boolean }[];
  /** The metrics of the interval at hand; NaN where there is nothing. */
  private readonly amounts: Float64Array;
  private readonly template: Reading;
  private readonly taken: number;
  private readonly sent: number;
  private readonly hasNet: boolean;

  constructor({ values }: CsvSettings) {
    const names = [...new Set(values.map(({ metric }) => metric))];
    this.metrics = names.map((name) => ({ name, decimals: metricOf(name).decimals }));
    this.places = values.map(({ metric }, at) => ({
      metric: names.indexOf(metric),
      isFirst: values.findIndex((value) => value.metric === metric) === at,
    }));
    this.amounts = new Float64Array(names.length);
    this.taken = names.indexOf("eRealPositiveKwh");
    this.sent = names.indexOf("eRealNegativeKwh");
    this.hasNet = !names.includes("eRealKwh") && (this.taken >= 0 || this.sent >= 0);
    const written: MetricName[] = this.hasNet ? [...names, "eRealKwh"] : names;
    const nothing = Object.fromEntries(written.map((name) => [name, null]));
    this.template = { startEpochSeconds: 0, durationSeconds: 0, quality: "actual", ...nothing };
  }

  /** Undefined where there is no value at all. `values` are read from `from` on; null, undefined and NaN are nothing. */
  make(
    start: number,
    seconds: number,
    quality: Quality,
    values: ArrayLike<number | null | undefined>,
    from = 0,
  ): Reading | undefined {
    const { amounts, places, metrics } = this;
    let hasValue = false;
    for (let at = 0; at < places.length; at++) {
      const { metric, isFirst } = places[at] as (typeof places)[number];
      const value = values[from + at] ?? Number.NaN;
      const amount = isFirst
        ? value
        : together((metrics[metric] as (typeof metrics)[number]).name, amounts[metric] as number, value);
      amounts[metric] = amount;
      hasValue ||= !Number.isNaN(amount);
    }
    if (!hasValue) return undefined;
    // A copy has the shape it will keep; metrics added one by one would be stored apart from it.
    const reading = { ...this.template };
    // `floor` makes small integers of them, which take no memory of their own.
    reading.startEpochSeconds = Math.floor(start);
    reading.durationSeconds = Math.floor(seconds);
    reading.quality = quality;
    for (let at = 0; at < metrics.length; at++) {
      const { name, decimals } = metrics[at] as (typeof metrics)[number];
      const amount = amounts[at] as number;
      if (!Number.isNaN(amount)) reading[name] = roundTo(amount, decimals);
    }
    if (this.hasNet) {
      const taken = this.taken < 0 ? 0 : (amounts[this.taken] as number);
      const sent = this.sent < 0 ? 0 : (amounts[this.sent] as number);
      const net = taken - sent;
      if (!Number.isNaN(net)) reading.eRealKwh = roundTo(net, NET_DECIMALS);
    }
    return reading;
  }
}

const NET_DECIMALS = metricOf("eRealKwh").decimals;

/** Energies are summed, and a sum without a part is nothing (NaN); of voltages and currents the lowest or highest that is there. */
function together(metric: CsvMetric, a: number, b: number): number {
  switch (metric) {
    case "vRmsMin":
    case "iRmsMin":
      return Number.isNaN(a) || Number.isNaN(b) ? (Number.isNaN(a) ? b : a) : Math.min(a, b);
    case "vRmsMax":
    case "iRmsMax":
      return Number.isNaN(a) || Number.isNaN(b) ? (Number.isNaN(a) ? b : a) : Math.max(a, b);
    default:
      return a + b;
  }
}
