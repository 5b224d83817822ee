"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { JobDto } from "@/lib/jobs/schemas";

/** Pause, resume and end, at the head of a job's page. */
export function JobActions(props: {
  jobId: string;
  name: string;
  status: JobDto["status"];
  pause: Action<JobDto>;
  resume: Action<JobDto>;
  end: Action<JobDto>;
}) {
  const { jobId, name, status, pause, resume, end } = props;
  const router = useRouter();
  const toast = useToast();
  const [isEnding, setEnding] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const run = (verb: Action<JobDto>, input: object, done: string) =>
    startTransition(async () => {
      const answer = await verb(null, input);
      if (answer.ok) toast({ title: done, detail: name });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
      setEnding(false);
      router.refresh();
    });
  if (status === "ended") return null;
  return (
    <>
      <Button variant="danger" onClick={() => setEnding(true)}>
        End job
      </Button>
      {status === "active" ? (
        <Button icon="pause" busy={isBusy} onClick={() => run(pause, { jobId }, "Job paused")}>
          Pause
        </Button>
      ) : (
        <Button icon="retry" busy={isBusy} onClick={() => run(resume, { jobId }, "Job resumed")}>
          Resume
        </Button>
      )}
      <Dialog
        title={`End ${name}`}
        open={isEnding}
        onOpenChange={setEnding}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button
              variant="danger-solid"
              busy={isBusy}
              onClick={() => run(end, { jobId, cancelTasks: false }, "Job ended")}
            >
              End job
            </Button>
          </>
        }
      >
        <p>It makes no more tasks and cannot be resumed. Tasks that were made finish; readings stay.</p>
      </Dialog>
    </>
  );
}
