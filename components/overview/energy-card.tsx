import Link from "next/link";
import type { ReactNode } from "react";
import { Legend } from "@/components/charts/legend";
import type { Bucket, Series } from "@/components/charts/series";
import { TimeChart } from "@/components/charts/time-chart";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatInstant, formatNumber, formatSigned } from "@/components/ui/format";
import { KeyFigure } from "@/components/ui/key-figure";
import { Time } from "@/components/ui/time";
import { compareSoFar, type EnergyHour, type EnergyToday, totalOf } from "@/lib/overview/energy-today";

const HOUR_MS = 3_600_000;
const dataHref = "/data";

/** Energy and carbon of all sites today, against the same weekday last week. */
export function EnergyCard(props: { energy: EnergyToday; zone: string; meters: number; now: Date }) {
  const { energy, zone, meters, now } = props;
  const { today, lastWeek, dayStart, dayEnd, lastWeekStart } = energy;
  const shift = new Date(dayStart).getTime() - new Date(lastWeekStart).getTime();
  const dayName = (at: string) => formatInstant(new Date(at), zone, "full-date").replace(/ \d{4}$/, "");
  const series: Series[] = [
    { id: "today", label: "Today", kind: "bars", buckets: today.map((hour) => bucketOf(hour, 0, now)) },
    {
      id: "before",
      label: dayName(lastWeekStart),
      kind: "compare",
      buckets: lastWeek.map((hour) => bucketOf(hour, shift)),
    },
  ];
  const soFar = compareSoFar(energy);
  const against = soFar && (
    <>
      on {dayName(lastWeekStart)} by <Time at={soFar.until} style="time" />
    </>
  );
  const energyKwh = totalOf(today, "energyKwh");
  const carbonTons = totalOf(today, "carbonTons");
  const readings = today.reduce((sum, hour) => sum + hour.readings, 0);
  return (
    <Card span={8}>
      <CardHead
        title="Energy today"
        note={`all sites, ${dayName(dayStart)}`}
        wrap
        end={
          <Legend
            series={series}
            estimated={today.some(isEstimated)}
            restated={today.some((hour) => hour.restated > 0)}
          />
        }
      />
      <CardBody>
        <div className="ov-figs">
          <Link href={dataHref}>
            <KeyFigure
              label="Energy so far"
              value={energyKwh === null ? "none" : formatNumber(energyKwh, energyKwh < 100 ? 1 : 0)}
              unit={energyKwh === null ? undefined : "kWh"}
              note={<Against percent={soFar?.energyPercent} words={against} />}
            />
          </Link>
          <Link href={dataHref}>
            <KeyFigure
              label="Carbon so far"
              value={carbonTons === null ? "none" : formatNumber(carbonTons, 3)}
              unit={carbonTons === null ? undefined : <CarbonUnit />}
              note={
                carbonTons === null ? (
                  "no emission factor applied"
                ) : (
                  <Against percent={soFar?.carbonPercent} words={against} />
                )
              }
            />
          </Link>
          <Link href="/meters" className="m-hide">
            <KeyFigure
              label="Readings today"
              value={formatNumber(readings)}
              note={`from ${formatNumber(energy.metersHeard)} of ${formatNumber(meters)} meters`}
            />
          </Link>
        </div>
        {today.length + lastWeek.length === 0 ? (
          <Empty title="No readings today or a week ago">Bars appear with the first readings that are collected.</Empty>
        ) : (
          <TimeChart
            label={`Energy of all sites by hour, today against ${dayName(lastWeekStart)}`}
            from={dayStart}
            to={dayEnd}
            zone={zone}
            series={series}
            unit="kWh"
            decimals={1}
            now={now}
          />
        )}
      </CardBody>
    </Card>
  );
}

function CarbonUnit() {
  return (
    <>
      tCO<sub>2</sub>-e
    </>
  );
}

function Against({ percent, words }: { percent: number | null | undefined; words: ReactNode }) {
  if (percent === null || percent === undefined) return "nothing to compare with yet";
  return (
    <>
      <b className="strong">{formatSigned(percent)} %</b> {words}
    </>
  );
}

function bucketOf(hour: EnergyHour, shift: number, now?: Date): Bucket {
  const start = new Date(hour.hour).getTime() + shift;
  return {
    startAt: new Date(start),
    // The hour under way ends now: its bar must not stand beyond the line of now.
    endAt: new Date(Math.min(start + HOUR_MS, Math.max(start + 1, now?.getTime() ?? Number.POSITIVE_INFINITY))),
    value: hour.energyKwh,
    quality: isEstimated(hour) ? "estimated" : "actual",
    restated: shift === 0 && hour.restated > 0,
  };
}

/** An hour of many meters is hatched only where nothing in it was measured. */
function isEstimated(hour: EnergyHour): boolean {
  return hour.estimated > 0 && hour.estimated === hour.readings;
}
