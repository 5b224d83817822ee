import { metricOf } from "../../metrics/registry";
import { roundTo } from "../../units";
import type { SourceMetric } from "../contract";
import { ReadingColumns } from "../reading-columns";
import type { Readings } from "../readings";
import type { CsvSettings } from "./settings";
import type { CsvMetric } from "./units";

/**
 * Makes readings, rounded, of the values of an interval in the order of the settings. Without a net of its own it is taken - sent, where a
 * side without a column counts 0.
 */
export class ReadingMaker {
  private readonly metrics: { name: CsvMetric; decimals: number; column: Float64Array }[];
  /** Of each of the settings' values its place among the metrics, and whether it is the first there. */
  private readonly places: { metric: number; isFirst: boolean }[];
  /** The metrics of the interval at hand; NaN where there is nothing. */
  private readonly amounts: Float64Array;
  private readonly columns: ReadingColumns;
  private readonly taken: number;
  private readonly sent: number;
  private readonly net: Float64Array | undefined;

  constructor({ values }: CsvSettings, mostReadings: number) {
    const names = [...new Set(values.map(({ metric }) => metric))];
    this.taken = names.indexOf("eRealPositiveKwh");
    this.sent = names.indexOf("eRealNegativeKwh");
    const hasNet = !names.includes("eRealKwh") && (this.taken >= 0 || this.sent >= 0);
    const written: SourceMetric[] = hasNet ? [...names, "eRealKwh"] : names;
    const columns = new ReadingColumns(written, mostReadings);
    this.columns = columns;
    this.metrics = names.map((name) => ({ name, decimals: metricOf(name).decimals, column: columns.column(name) }));
    this.net = hasNet ? columns.column("eRealKwh") : undefined;
    this.places = values.map(({ metric }, at) => ({
      metric: names.indexOf(metric),
      isFirst: values.findIndex((value) => value.metric === metric) === at,
    }));
    this.amounts = new Float64Array(names.length);
  }

  /**
   * Adds a reading, whose quality is that of a rank; false where there is no value at all. `values` are read from `from` on; null,
   * undefined and NaN are nothing.
   */
  add(start: number, seconds: number, rank: number, values: ArrayLike<number | null | undefined>, from = 0): boolean {
    const { amounts, places, metrics, columns } = this;
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
    if (!hasValue) return false;
    const next = columns.length++;
    // The settings can name a length that is no whole number of seconds.
    columns.startEpochSeconds[next] = Math.floor(start);
    columns.durationSeconds[next] = Math.floor(seconds);
    columns.qualityRanks[next] = rank;
    for (let at = 0; at < metrics.length; at++) {
      const { column, decimals } = metrics[at] as (typeof metrics)[number];
      column[next] = roundTo(amounts[at] as number, decimals);
    }
    if (this.net) {
      const taken = this.taken < 0 ? 0 : (amounts[this.taken] as number);
      const sent = this.sent < 0 ? 0 : (amounts[this.sent] as number);
      this.net[next] = roundTo(taken - sent, NET_DECIMALS);
    }
    return true;
  }

  /** What was added. */
  readings(): Readings {
    return this.columns.readings();
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
