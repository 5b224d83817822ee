import { formatNumber, formatSigned } from "@/components/ui/format";
import type { Metric } from "@/lib/metrics/registry";
import { differenceOf, figureOf } from "@/lib/readings/compare";
import type { ExploredMeter } from "@/lib/readings/explored";
import type { Granularity } from "@/lib/readings/granularities";
import { type ShownSeries, valuesByStart } from "./meter-series";
import { intervalWord } from "./range-words";

const words: Record<Metric["aggregate"], string> = { sum: "Total", mean: "Mean", min: "Lowest", max: "Highest" };

/** What the first series adds up to, against the earlier range where there is one. */
export function Figures(props: {
  series: ShownSeries;
  meter: ExploredMeter;
  granularity: Granularity;
  /** Name of the earlier range; null without a comparison. */
  compared: string | null;
  /** Whether there are others that these figures are not about. */
  isNamed: boolean;
}) {
  const { series, meter, granularity, compared, isNamed } = props;
  const { metric, source } = series;
  const values = valuesByStart(source, metric.name);
  const figure = figureOf([...values.values()], metric.aggregate);
  const extreme = figureOf([...values.values()], metric.aggregate === "min" ? "min" : "max");
  const { expected, present } = meter.state;
  const readings = source.reduce((sum, bucket) => sum + bucket.readings, 0);
  const estimated = source.reduce((sum, bucket) => sum + bucket.estimated, 0);
  const restated = source.reduce((sum, bucket) => sum + bucket.restated, 0);
  const difference = meter.earlier && differenceOf(values, valuesByStart(meter.earlier, metric.name), metric.aggregate);
  const ofWhat = isNamed ? `, ${series.label}` : "";
  return (
    <div className="dx-figs">
      <Figure label={`${words[metric.aggregate]}${ofWhat}`} value={shownValue(figure)} unit={metric.unit} />
      {compared !== null && (
        <Figure
          label={`Against ${compared}`}
          value={difference ? formatSigned(difference.percent) : "nothing there"}
          unit={difference ? "%" : undefined}
          note={
            difference
              ? `over ${formatNumber(difference.intervals)} ${intervalWord(granularity, difference.intervals)} in both`
              : undefined
          }
        />
      )}
      <Figure
        label={`${metric.aggregate === "min" ? "Lowest" : "Highest"} ${intervalWord(granularity)}`}
        value={shownValue(extreme)}
        unit={metric.unit}
      />
      <Figure
        label="Coverage"
        value={expected > 0 ? formatNumber((present / expected) * 100, present < expected ? 2 : 0) : "none due"}
        unit={expected > 0 ? "%" : undefined}
      />
      <Figure label="Estimated" value={formatNumber(estimated)} unit={`of ${formatNumber(readings)}`} />
      <Figure label="Restated" value={formatNumber(restated)} unit={restated === 1 ? "reading" : "readings"} />
    </div>
  );
}

function Figure({ label, value, unit, note }: { label: string; value: string; unit?: string; note?: string }) {
  return (
    <div>
      <p className="figl" title={label}>
        {label}
      </p>
      <b>
        {value} {unit && <span className="unit">{unit}</span>}
      </b>
      {note && <p className="figs">{note}</p>}
    </div>
  );
}

function shownValue(value: number | null): string {
  if (value === null) return "none";
  const size = Math.abs(value);
  return formatNumber(value, size >= 10_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4);
}
