"use client";

import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choices";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { JobDto } from "@/lib/jobs/schemas";
import { startWords } from "../tasks/start-words";

interface JobVerbs {
  pause: Action<JobDto>;
  resume: Action<JobDto>;
  end: Action<JobDto>;
}

/** Pause or resume, what is seldom needed behind a menu, and the way to a backfill, at the head of a job's page. */
export function JobActions(
  props: JobVerbs & {
    jobId: string;
    name: string;
    status: JobDto["status"];
    openTasks: number;
    canEdit: boolean;
    /** The backfill panel stands beside the grid. */
    isOnGrid: boolean;
    /** Without one (uploads) nothing can be asked for again. */
    hasSource: boolean;
    type: JobDto["type"];
  },
) {
  const { jobId, name, status, openTasks, canEdit, isOnGrid, hasSource, type, pause, resume, end } = props;
  const router = useRouter();
  const toast = useToast();
  const [isPlanning, setPlanning] = useQueryState("plan", parseAsBoolean.withDefault(false));
  const [dialog, setDialog] = useState<"end" | "pause" | null>(null);
  const [reason, setReason] = useState("");
  const [cancelTasks, setCancelTasks] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const run = (verb: Action<JobDto>, input: object, done: string) =>
    startTransition(async () => {
      const answer = await verb(null, input);
      if (answer.ok) toast({ title: done, detail: verb === resume ? startWords(answer) : name });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
      setDialog(null);
      router.refresh();
    });
  const openPlan = () =>
    isOnGrid ? void setPlanning(isPlanning ? null : true) : router.push(`/jobs/${jobId}?plan=true`);
  return (
    <>
      {status === "active" && (
        <Button icon="pause" onClick={() => setDialog("pause")}>
          Pause
        </Button>
      )}
      {status === "paused" && (
        <Button icon="retry" busy={isBusy} onClick={() => run(resume, { jobId }, "Job resumed")}>
          Resume
        </Button>
      )}
      {status !== "ended" && canEdit && (
        <Menu align="end" trigger={<Button icon="more" aria-label="More actions" />}>
          <MenuLink icon="edit" href={`/jobs/${jobId}/edit`}>
            Edit
          </MenuLink>
          <MenuRule />
          <MenuItem danger icon="close" onSelect={() => setDialog("end")}>
            End job
          </MenuItem>
        </Menu>
      )}
      {hasSource && (
        <Button icon="upload" on={isOnGrid && isPlanning} onClick={openPlan}>
          Backfill
        </Button>
      )}
      <Dialog
        title={`Pause ${name}`}
        open={dialog === "pause"}
        onOpenChange={(open) => setDialog(open ? "pause" : null)}
        footer={
          <>
            <DialogClose>
              <Button>Keep it running</Button>
            </DialogClose>
            <Button
              variant="primary"
              busy={isBusy}
              onClick={() => run(pause, { jobId, reason: reason.trim() || undefined }, "Job paused")}
            >
              Pause job
            </Button>
          </>
        }
      >
        <p>
          It makes no more tasks, and tasks that have not begun wait. Nothing is lost: when it is resumed it makes up
          for the pause.
        </p>
        <Field label="Reason" optional help="Shown to everybody who looks at this job.">
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </Dialog>
      <Dialog
        title={`End ${name}`}
        open={dialog === "end"}
        onOpenChange={(open) => setDialog(open ? "end" : null)}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={() => run(end, { jobId, cancelTasks }, "Job ended")}>
              End job
            </Button>
          </>
        }
      >
        <p>
          It makes no more tasks and cannot be resumed or changed:{" "}
          {type === "mrv"
            ? "nothing of its meter is recorded any more unless another job does. Records stay, and those that wait can be decided about."
            : "its meter is no longer collected unless another job does. Readings and finished tasks stay, and can be retried and backfilled."}
        </p>
        {openTasks > 0 && (
          <Checkbox checked={cancelTasks} onChange={setCancelTasks}>
            Also cancel its {formatNumber(openTasks)} {openTasks === 1 ? "task" : "tasks"} that{" "}
            {openTasks === 1 ? "is" : "are"} not finished; otherwise {openTasks === 1 ? "it finishes" : "they finish"}
          </Checkbox>
        )}
      </Dialog>
    </>
  );
}
