import Link from "next/link";
import { StateBars, type StateCount } from "@/components/charts/state-bars";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import type { TaskHour } from "@/lib/overview/queries";
import { plural } from "./needs-person-card";

const HOUR_MS = 3_600_000;
const shownStates = ["succeeded", "running", "waiting", "failed"] as const;

/** Tasks of 24 hours by state, and by the hour they last changed in. */
export function TasksCard({ hours, now }: { hours: readonly TaskHour[]; now: Date }) {
  const total = (state: string) => hours.reduce((sum, hour) => sum + (hour.state === state ? hour.tasks : 0), 0);
  const to = Math.ceil(now.getTime() / HOUR_MS) * HOUR_MS;
  const from = to - 24 * HOUR_MS;
  return (
    <Card span={4}>
      <CardHead
        title="Tasks, last 24 h"
        end={
          <Link className="link" href="/tasks">
            {plural(
              hours.reduce((sum, { tasks }) => sum + tasks, 0),
              "task",
            )}
          </Link>
        }
      />
      <CardBody>
        <div className="ov-counts">
          {shownStates.map((state) => (
            <Link key={state} href={`/tasks?state=${state}`}>
              <State state={state} />
              <b>{formatNumber(total(state))}</b>
            </Link>
          ))}
        </div>
        <StateBars
          label="Tasks by hour and state"
          from={new Date(from)}
          to={new Date(to)}
          buckets={bucketsOf(hours, from, to)}
        />
      </CardBody>
    </Card>
  );
}

function bucketsOf(hours: readonly TaskHour[], from: number, to: number): StateCount[] {
  const buckets: StateCount[] = [];
  for (let start = from; start < to; start += HOUR_MS) {
    const inHour = hours.filter(({ hour }) => new Date(hour).getTime() === start);
    buckets.push({
      startAt: new Date(start),
      endAt: new Date(start + HOUR_MS),
      counts: shownStates.map((state) => ({ state, count: inHour.find((each) => each.state === state)?.tasks ?? 0 })),
    });
  }
  return buckets;
}
