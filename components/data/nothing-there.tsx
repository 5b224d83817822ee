import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { Time } from "@/components/ui/time";
import type { Metric } from "@/lib/metrics/registry";
import { mostTelling } from "@/lib/readings/explain-gaps";
import type { ExploredMeter } from "@/lib/readings/explored";
import { gapWords } from "./gap-words";

/** Why a chart is empty: the metric, the range, or where the tasks of that time stand. */
export function NothingThere(props: {
  meter: ExploredMeter;
  metrics: readonly Metric[];
  range: { from: string; to: string };
}) {
  const { meter, metrics, range } = props;
  const { state } = meter;
  const tasks = `/tasks?meter=${meter.id}&from=${range.from}&to=${range.to}`;
  const gap = mostTelling(state.gaps);
  const label = metrics[0]?.label.toLowerCase() ?? "value";
  if (meter.buckets.length > 0) {
    return (
      <Empty title={`No ${label} in these readings`}>There are readings, but their source does not give it.</Empty>
    );
  }
  if (state.startsAt === null) {
    return <Empty title="No readings here">{meter.name} has no job that collects.</Empty>;
  }
  if (range.to <= state.startsAt) {
    return (
      <Empty title="Before the start">
        The jobs of {meter.name} begin <Time at={state.startsAt} zone={meter.timezone} style="full-date" />.
      </Empty>
    );
  }
  if (state.dueUntil && range.from >= state.dueUntil) {
    return <Empty title="Nothing is due yet">The first readings of this range come after its first interval.</Empty>;
  }
  return (
    <Empty
      title={gap ? gapWords(gap) : "No readings here"}
      action={
        <Link className="btn" href={gap?.taskId ? `/tasks/${gap.taskId}` : tasks}>
          {gap?.taskId ? "Open the task" : "Tasks of this range"}
        </Link>
      }
    >
      No reading of {meter.name} starts in this range.
    </Empty>
  );
}
