"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { Legend } from "@/components/charts/legend";
import { OverviewStrip } from "@/components/charts/overview-strip";
import { TimeChart } from "@/components/charts/time-chart";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import type { Action } from "@/lib/action";
import type { Explored } from "@/lib/readings/explored";
import { BucketTable, PAGE_ROWS } from "./bucket-table";
import { viewQuery } from "./explore-query";
import { Figures } from "./figures";
import { gapWords } from "./gap-words";
import { valuesByStart } from "./meter-series";
import { NothingThere } from "./nothing-there";
import type { Panel } from "./panels";
import { intervalWord } from "./range-words";
import { type ChosenInterval, type IntervalTrace, SourcesDrawer } from "./sources-drawer";

/** Charts, figures, surroundings and rows of what was chosen, with one interval kept in step between them. */
export function ExplorerResult(props: {
  explored: Explored;
  panels: readonly Panel[];
  comparedWords: string;
  isPending: boolean;
  now: string;
  sources: Action<IntervalTrace>;
  hasMeters: boolean;
  onRange: (range: { from: Date; to: Date }) => void;
}) {
  const { explored, panels, comparedWords, now, onRange } = props;
  const { meters, granularity, zone, range, strip } = explored;
  const [view, setView] = useQueryStates(viewQuery, { history: "replace" });
  const series = useMemo(() => panels.flatMap((panel) => panel.series), [panels]);
  const on = series.filter(({ id }) => !view.off.includes(id));
  const starts = useMemo(() => {
    const all = [...new Set(series.flatMap(({ source }) => source.map(({ startAt }) => startAt)))].sort();
    return view.oldest ? all : all.reverse();
  }, [series, view.oldest]);
  const gapsByMeter = useMemo(
    () =>
      new Map(
        meters.map(({ id, state }) => [
          id,
          state.gaps.map((gap) => ({ from: gap.from, to: gap.to, label: gapWords(gap) })),
        ]),
      ),
    [meters],
  );
  const [firstMeter] = meters;
  if (!firstMeter) return <ChooseMeter hasMeters={props.hasMeters} />;

  const toggle = (id: string) =>
    void setView({ off: view.off.includes(id) ? view.off.filter((each) => each !== id) : [...view.off, id] });
  const pick = (at: string | null) => {
    const place = at === null ? -1 : starts.indexOf(at);
    void setView({ at, sources: null, ...(place >= 0 && { page: Math.floor(place / PAGE_ROWS) + 1 }) });
  };
  const chosen = chosenInterval(explored, on[0] ?? series[0], view);
  const isCivil = granularity === "P1D" || granularity === "P1M";

  return (
    <>
      {panels.map((panel, index) => {
        const visible = panel.series.filter(({ id }) => !view.off.includes(id));
        const compare = panel.compare && !view.off.includes(panel.compare.id) ? panel.compare : null;
        const drawn = compare ? [...visible, compare] : visible;
        const buckets = visible.flatMap(({ source }) => source);
        const [first] = visible;
        const meter = meters.find(({ id }) => id === first?.meterId) ?? firstMeter;
        const gaps = gapsByMeter.get(meter.id) ?? [];
        const title = [...new Set(panel.series.map(({ metric }) => metric.label))];
        const isEmpty = panel.series.every(({ buckets }) => buckets.every(({ value }) => value === null));
        return (
          <Card key={panel.unit} aria-busy={props.isPending}>
            <CardHead
              title={`${title.length > 2 ? `${title.slice(0, 2).join(", ")} and more` : title.join(" and ")} by ${intervalWord(granularity)}`}
              wrap
              end={
                <Legend
                  series={panel.compare ? [...panel.series, panel.compare] : panel.series}
                  hidden={view.off}
                  onToggle={toggle}
                  estimated={buckets.some(({ estimated }) => estimated > 0)}
                  gaps={gaps.length > 0}
                  restated={buckets.some(({ restated }) => restated > 0)}
                />
              }
            />
            {isEmpty ? (
              <NothingThere meter={firstMeter} metrics={panel.series.map(({ metric }) => metric)} range={range} />
            ) : (
              <CardBody>
                <TimeChart
                  label={`${title.join(", ")} by ${intervalWord(granularity)} of ${meters.map(({ name }) => name).join(", ")}`}
                  from={range.from}
                  to={range.to}
                  now={now}
                  series={drawn}
                  gaps={gaps}
                  unit={panel.unit}
                  zone={zone}
                  civil={isCivil}
                  height={panels.length > 1 ? 200 : 300}
                  picked={view.at}
                  onPick={pick}
                  onZoom={onRange}
                  tipAction={() => (
                    <Button small onClick={() => void setView({ sources: true })}>
                      Where it comes from
                    </Button>
                  )}
                />
                {index === panels.length - 1 && strip && (
                  <OverviewStrip
                    label={`Around the range, ${meters[0]?.name}`}
                    {...strip}
                    window={range}
                    zone={zone}
                    onChange={onRange}
                  />
                )}
              </CardBody>
            )}
            {first && !isEmpty && (
              <Figures
                series={first}
                meter={meter}
                granularity={granularity}
                compared={explored.compared && meter.id === firstMeter.id ? comparedWords : null}
                isNamed={panel.series.length > 1}
              />
            )}
          </Card>
        );
      })}
      <BucketTable
        series={on.length > 0 ? on : series}
        earlier={firstMeter.earlier && series[0] ? valuesByStart(firstMeter.earlier, series[0].metric.name) : null}
        granularity={granularity}
        zone={zone}
        hashes={firstMeter.hashes}
        starts={starts}
        oldestFirst={view.oldest}
        page={view.page}
        at={view.at}
        onSort={() => void setView({ oldest: !view.oldest, page: 1 })}
        onPage={(page) => void setView({ page })}
        onPick={pick}
        onSources={(at) => void setView({ at, sources: true })}
      />
      <SourcesDrawer
        interval={view.sources ? chosen : null}
        meters={meters}
        onMeter={(id) => void setView({ of: id })}
        read={props.sources}
        onClose={() => void setView({ sources: null, of: null })}
      />
    </>
  );
}

function chosenInterval(
  { meters, zone }: Explored,
  series: Panel["series"][number] | undefined,
  view: { at: string | null; of: string | null },
): ChosenInterval | null {
  const meter = meters.find(({ id }) => id === (view.of ?? series?.meterId));
  const bucket = meter?.buckets.find(({ startAt }) => startAt === view.at);
  if (!meter || !bucket || !series) return null;
  return {
    meterId: meter.id,
    meterName: meter.name,
    zone,
    metric: series.metric,
    from: bucket.startAt,
    to: bucket.endAt,
    value: bucket.values[series.metric.name] ?? null,
  };
}

function ChooseMeter({ hasMeters }: { hasMeters: boolean }) {
  return (
    <Card>
      {hasMeters ? (
        <Empty title="Choose a meter">Its readings are drawn here, with gaps as gaps and estimates hatched.</Empty>
      ) : (
        <Empty
          title="No meters yet"
          action={
            <LinkButton href="/meters/new" icon="plus">
              Add a meter
            </LinkButton>
          }
        >
          Readings appear here once a meter has a job that collects them.
        </Empty>
      )}
    </Card>
  );
}
