import { KeyFigure } from "@/components/ui/key-figure";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import type { MeterFigures as Figures } from "@/lib/fleet/meter-overview";

/** The four figures of a meter's page. */
export function MeterFigures(props: {
  figures: Figures;
  month: string;
  /** `Monday`, and now, for what the day is measured against. */
  weekday: string;
  now: string;
  timezone: string;
  /** Of the meter's emission factor. */
  region: string | null;
}) {
  const { figures, month, weekday, now, timezone, region } = props;
  const { carbonFactor, monthDays, monthGapDays } = figures;
  return (
    <div className="m-figs">
      <KeyFigure
        label="Energy today"
        value={<Num value={figures.todayKwh} decimals={1} />}
        unit="kWh"
        note={
          figures.lastWeekKwh === null ? (
            "Nothing to compare a week ago"
          ) : (
            <>
              Last {weekday} by <Time at={now} zone={timezone} style="time" />:{" "}
              <Num value={figures.lastWeekKwh} decimals={1} />
            </>
          )
        }
      />
      <KeyFigure
        label={`Energy in ${month}`}
        value={<Num value={figures.monthKwh} decimals={0} />}
        unit="kWh"
        note={`${monthDays} ${monthDays === 1 ? "day" : "days"}, ${monthGapDays === 0 ? "none" : monthGapDays} with gaps`}
      />
      <KeyFigure
        label={`Carbon in ${month}`}
        value={<Num value={figures.monthCarbonTons} decimals={3} />}
        unit={
          <>
            tCO<sub>2</sub>-e
          </>
        }
        note={
          carbonFactor
            ? `${carbonFactor.region} ${carbonFactor.edition}, ${carbonFactor.value} kg/kWh`
            : region
              ? `No reading with a factor of ${region} yet`
              : "No emission factor: set the meter's region"
        }
      />
      <KeyFigure
        label="Coverage, 12 months"
        value={<Num value={figures.coverage === null ? null : figures.coverage * 100} decimals={2} />}
        unit="%"
        note={`${figures.fullDays} full days, ${figures.partialDays} partial, ${figures.emptyDays} empty`}
      />
    </div>
  );
}
