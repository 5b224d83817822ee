import Link from "next/link";
import { TaskStateMark } from "@/components/jobs/job-status";
import { Card, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import type { AlikeTask } from "@/lib/tasks/same-error";
import { IntervalName } from "./interval-title";

/** Other tasks that stand with the same error. */
export function SameError({ code, tasks, total }: { code: string; tasks: readonly AlikeTask[]; total: number }) {
  return (
    <Card>
      <CardHead
        title="Same error"
        rule
        end={
          <Link className="link" href={`/tasks?error=${encodeURIComponent(code)}&state=failed,waiting`}>
            {total === 1 ? "1 other task" : `${formatNumber(total)} other tasks`}
          </Link>
        }
      />
      {tasks.map((task) => (
        <Link key={task.id} className="li" href={`/tasks/${task.id}`}>
          <span className="t">
            <b>{task.meterName}</b>
            <span>
              <IntervalName from={task.intervalStart} to={task.intervalEnd} zone={task.timezone} />
            </span>
          </span>
          <TaskStateMark state={task.state} waitReason={task.waitReason} />
          <Icon name="right" small />
        </Link>
      ))}
    </Card>
  );
}
