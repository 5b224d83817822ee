"use client";

import { useQueryStates } from "nuqs";
import { useMemo, useTransition } from "react";
import { Swatch } from "@/components/charts/legend";
import { Chip } from "@/components/ui/chip";
import { Switch } from "@/components/ui/choices";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { PageHeader } from "@/components/ui/page-header";
import { Segmented } from "@/components/ui/segmented";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { MetricName } from "@/lib/metrics/registry";
import type { Explored } from "@/lib/readings/explored";
import type { Granularity } from "@/lib/readings/granularities";
import { ApiCall } from "./api-call";
import { apiPath } from "./api-path";
import { exploreQuery, MOST_METERS } from "./explore-query";
import { ExplorerResult } from "./explorer-result";
import { panelsOf } from "./panels";
import { CompareMenu, MeterPicker, MetricMenu } from "./pickers";
import { RangeMenu } from "./range-menu";
import { intervalWord, rangeWords } from "./range-words";
import type { IntervalTrace } from "./sources-drawer";

/** Meters × metrics over a range: what is chosen, the charts, the rows below. Every choice is in the address. */
export function Explorer(props: {
  explored: Explored;
  all: readonly { id: string; name: string }[];
  /** Of the first meter. */
  newestReadingAt: string | null;
  knownMetrics: readonly MetricName[];
  /** Granularities that this range has room for. */
  fine: readonly Granularity[];
  /** Of readings; null where the meters differ. */
  resolutionSeconds: number | null;
  isPreset: boolean;
  now: string;
  sources: Action<IntervalTrace>;
}) {
  const { explored, all, fine, resolutionSeconds } = props;
  const { meters, metrics, granularity, zone } = explored;
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(exploreQuery, { shallow: false, startTransition, history: "push" });
  const range = useMemo(
    () => ({ from: new Date(explored.range.from), to: new Date(explored.range.to) }),
    [explored.range.from, explored.range.to],
  );
  const comparedWords = explored.compared
    ? rangeWords(new Date(explored.compared.from), new Date(explored.compared.to), zone).replace(/ \d{4}$/, "")
    : "";
  const panels = useMemo(
    () => panelsOf(explored, { estimates: query.estimates, comparedWords }),
    [explored, query.estimates, comparedWords],
  );
  const ids = meters.map(({ id }) => id);
  const intervals = new Set(meters.flatMap(({ buckets }) => buckets.map(({ startAt }) => startAt))).size;
  const expected = meters.reduce((sum, { state }) => sum + state.expected, 0);
  const present = meters.reduce((sum, { state }) => sum + state.present, 0);
  const csv = apiPath(explored, ids);
  const hasEstimates = meters.some(({ buckets }) => buckets.some(({ estimated }) => estimated > 0));

  return (
    <>
      <PageHeader
        title="Data"
        state={
          meters.length > 0 && (
            <>
              <span>
                {counted(meters.length, "meter")}, {counted(metrics.length, "metric")}, {formatNumber(intervals)}{" "}
                {intervalWord(granularity, intervals)}
              </span>
              {expected > 0 && (
                <State state={present >= expected ? "succeeded" : "partial"}>
                  {formatNumber((present / expected) * 100, present < expected ? 2 : 0)} % coverage
                </State>
              )}
              {props.newestReadingAt && (
                <span>
                  Newest <Time at={props.newestReadingAt} zone={zone} named />
                </span>
              )}
            </>
          )
        }
        actions={
          meters.length > 0 && (
            <>
              <ApiCall path={csv} />
              <a className="btn p" href={csv} download={`readings-${explored.range.from.slice(0, 10)}.csv`}>
                <Icon name="download" />
                Export CSV
              </a>
            </>
          )
        }
      />
      <div className="filters">
        {meters.map((meter, position) => (
          <Chip
            key={meter.id}
            mark={
              <Swatch
                series={{
                  kind: panels[0]?.series[position]?.kind ?? "line",
                  color: panels[0]?.series[position]?.color,
                }}
                soft={(panels[0]?.series.length ?? 0) > 1 || explored.compared !== null}
              />
            }
            value={meter.name}
            removeLabel={`Take ${meter.name} off`}
            onRemove={() => void setQuery({ meters: ids.filter((id) => id !== meter.id) })}
          />
        ))}
        {meters.length < MOST_METERS && all.length > meters.length && (
          <MeterPicker
            meters={all.filter(({ id }) => !ids.includes(id))}
            onAdd={(id) => void setQuery({ meters: [...ids, id] })}
          />
        )}
        <MetricMenu chosen={metrics} known={props.knownMetrics} onChange={(metric) => void setQuery({ metric })} />
      </div>
      <div className="filters">
        <RangeMenu
          {...range}
          zone={zone}
          preset={props.isPreset ? query.range : null}
          now={new Date(props.now)}
          onChange={(choice) => void setQuery({ ...choice, by: null })}
        />
        <CompareMenu
          value={query.compare}
          range={range}
          zone={zone}
          onChange={(compare) => void setQuery({ compare })}
        />
        <Segmented<Granularity>
          label="Granularity"
          value={granularity}
          options={[
            { value: "raw", label: resolutionSeconds ? `${resolutionSeconds / 60} min` : "Readings" },
            { value: "PT30M", label: "30 min" },
            { value: "PT1H", label: "Hour" },
            { value: "P1D", label: "Day" },
            { value: "P1M", label: "Month" },
          ]
            .map((each) => ({ ...each, value: each.value as Granularity }))
            .filter(({ value }) => !(value === "PT30M" && resolutionSeconds === 1800))
            .map((each) => ({ ...each, disabled: !fine.includes(each.value) }))}
          onChange={(by) => void setQuery({ by })}
        />
        {(hasEstimates || !query.estimates) && (
          <span className="push">
            <Switch checked={query.estimates} onChange={(estimates) => void setQuery({ estimates }, { shallow: true })}>
              Estimates
            </Switch>
          </span>
        )}
      </div>
      <ExplorerResult
        explored={explored}
        panels={panels}
        comparedWords={comparedWords}
        isPending={isPending}
        now={props.now}
        sources={props.sources}
        hasMeters={all.length > 0}
        onRange={({ from, to }) =>
          void setQuery({ range: null, from: from.toISOString(), to: to.toISOString(), by: null })
        }
      />
    </>
  );
}

function counted(count: number, word: string): string {
  return `${formatNumber(count)} ${word}${count === 1 ? "" : "s"}`;
}
