"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { State, type StateName } from "@/components/ui/state";
import { Tag } from "@/components/ui/tag";
import { Age, Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { BackfillDto } from "@/lib/jobs/backfill/schemas";
import { startWords } from "../../tasks/start-words";
import { BackfillBar, leftOf } from "./backfill-bar";

interface BackfillControls {
  pauseBackfill: Action<BackfillDto>;
  resumeBackfill: Action<BackfillDto>;
  stopBackfill: Action<BackfillDto>;
}

const looks: Record<BackfillDto["status"], { state: StateName; word: string }> = {
  running: { state: "running", word: "Running" },
  paused: { state: "paused", word: "Paused" },
  stopped: { state: "cancelled", word: "Stopped" },
  done: { state: "succeeded", word: "Done" },
};

const modes: Record<BackfillDto["mode"], string> = {
  failed: "Failed intervals",
  missing: "Intervals without data",
  incomplete: "Failed intervals and those without data",
  all: "All intervals",
};

/** The job's backfills, newest first, each with how far it is and how to hold or end it. */
export function BackfillList(
  props: BackfillControls & { timezone: string; backfills: BackfillDto[]; all: number; canOperate: boolean },
) {
  const { timezone, backfills, all, canOperate, ...controls } = props;
  if (backfills.length === 0) {
    return (
      <Card>
        <Empty title="No backfills yet">
          A backfill works through a range of the job again: what failed, what is missing, or everything.{" "}
          {canOperate && "Select intervals in the grid, or press Backfill above."}
        </Empty>
      </Card>
    );
  }
  return (
    <Card>
      <ul className="bf-list">
        {backfills.map((backfill) => (
          <li key={backfill.id}>
            <BackfillRow backfill={backfill} timezone={timezone} canOperate={canOperate} {...controls} />
          </li>
        ))}
      </ul>
      {all > backfills.length && (
        <p className="cfoot">
          The newest {backfills.length} of {formatNumber(all)}
        </p>
      )}
    </Card>
  );
}

function BackfillRow(props: BackfillControls & { backfill: BackfillDto; timezone: string; canOperate: boolean }) {
  const { backfill, timezone, canOperate } = props;
  const look = looks[backfill.status];
  return (
    <div className="bf">
      <div className="bf-what">
        <p className="row">
          <State state={look.state} ink>
            {look.word}
          </State>
          <b className="strong">
            <Time at={backfill.from} until={backfill.to} zone={timezone} named />
          </b>
          {backfill.force && <Tag>Fetched again</Tag>}
        </p>
        <p className="figs">
          {modes[backfill.mode]}, by {backfill.createdBy}, <Age at={backfill.createdAt} zone={timezone} />
          {backfill.finishedAt && (
            <>
              ; over <Age at={backfill.finishedAt} zone={timezone} />
            </>
          )}
        </p>
      </div>
      <BackfillBar backfill={backfill} />
      {canOperate && (backfill.status === "running" || backfill.status === "paused") && <Controls {...props} />}
    </div>
  );
}

function Controls(props: BackfillControls & { backfill: BackfillDto }) {
  const { backfill, pauseBackfill, resumeBackfill, stopBackfill } = props;
  const router = useRouter();
  const toast = useToast();
  const [isStopping, setStopping] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const run = (verb: Action<BackfillDto>, done: string) =>
    startTransition(async () => {
      const answer = await verb(null, { backfillId: backfill.id });
      if (answer.ok) toast({ title: done, detail: verb === resumeBackfill ? startWords(answer) : undefined });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
      setStopping(false);
      router.refresh();
    });
  const left = leftOf(backfill);
  return (
    <div className="bf-acts">
      {backfill.status === "running" ? (
        <Button small icon="pause" busy={isBusy} onClick={() => run(pauseBackfill, "Backfill paused")}>
          Pause
        </Button>
      ) : (
        <Button small icon="retry" busy={isBusy} onClick={() => run(resumeBackfill, "Backfill goes on")}>
          Resume
        </Button>
      )}
      <Button small icon="close" onClick={() => setStopping(true)}>
        Stop
      </Button>
      <Dialog
        title="Stop this backfill"
        open={isStopping}
        onOpenChange={setStopping}
        footer={
          <>
            <DialogClose>
              <Button>Keep it</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={() => run(stopBackfill, "Backfill stopped")}>
              Stop backfill
            </Button>
          </>
        }
      >
        <p>
          {formatNumber(left)} of {formatNumber(backfill.taskCount)} tasks are left. Those that have not begun are
          cancelled, or count as succeeded again where their readings were there before. Those under way finish.
        </p>
      </Dialog>
    </div>
  );
}
