import { formatInstant } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import { type MetricName, metricOf } from "@/lib/metrics/registry";
import type { UploadPlan } from "@/lib/uploads/schemas";

/** The first readings as they would be stored: the interval in the meter's zone and its start in UTC, each value with its unit. */
export function ReadingRows(props: { rows: UploadPlan["first"]; metrics: readonly MetricName[]; timezone: string }) {
  const { rows, metrics, timezone } = props;
  if (rows.length === 0) return null;
  return (
    <section className="part">
      <h3>First readings</h3>
      <table className="tbl tight" aria-label="First readings">
        <thead>
          <tr>
            <th>Interval</th>
            <th>Start, UTC</th>
            {metrics.map((metric) => (
              <th key={metric} className="r">
                {metricOf(metric).label}, {metricOf(metric).unit}
              </th>
            ))}
            <th className="p0">Quality</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, durationSeconds, quality, values }) => {
            const start = new Date(at);
            return (
              <tr key={start.toISOString()}>
                <td className="m1">
                  <Time at={start} until={new Date(start.getTime() + durationSeconds * 1_000)} zone={timezone} />
                </td>
                <td className="m3 q">{formatInstant(start, "UTC", "date-time")} UTC</td>
                {metrics.map((metric, index) => (
                  <td key={metric} className={index === 0 ? "r m2" : "r"}>
                    <Num value={values[metric] ?? null} decimals={3} />
                    <span className="list-only qq"> {metricOf(metric).unit}</span>
                  </td>
                ))}
                <td className="p0 q">{quality.replace("_", " ")}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
