"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { TestResultDto } from "@/lib/meters/schemas";
import { TestOutcome } from "./test-outcome";

/** Test, edit and the rest, at the head of a meter's page. Who may only read gets the ways to look. */
export function MeterActions(props: {
  meterId: string;
  name: string;
  timezone: string;
  canEdit: boolean;
  canUpload: boolean;
  /** False where people bring the files: there is nothing to test. */
  hasSource: boolean;
  /** What ends with it. */
  jobs: readonly string[];
  waitingTasks: number;
  test: Action<TestResultDto>;
  archive: Action<{ message: string }>;
}) {
  const { meterId, name, timezone, canEdit, canUpload, hasSource, test, archive } = props;
  const router = useRouter();
  const toast = useToast();
  const [outcome, setOutcome] = useState<TestResultDto | null>(null);
  const [isArchiving, setArchiving] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const refused = (message: string) => toast({ title: "Refused", detail: message, state: "failed" });

  const runTest = () =>
    startTransition(async () => {
      const answer = await test(null, { meterId });
      if (answer.ok) setOutcome(answer.data);
      else refused(answer.message);
    });
  const runArchive = () =>
    startTransition(async () => {
      const answer = await archive(null, { meterId });
      if (!answer.ok) return refused(answer.message);
      toast({ title: "Meter archived", detail: answer.data.message });
      router.push("/meters");
    });

  return (
    <>
      <Menu align="end" trigger={<Button icon="more" aria-label="More" />}>
        <MenuLink icon="data" href={`/data?meters=${meterId}`}>
          Open in Data
        </MenuLink>
        <MenuLink icon="task" href={`/tasks?meter=${meterId}`}>
          All its tasks
        </MenuLink>
        {canUpload && (
          <MenuLink icon="upload" href={`/meters/${meterId}?upload=new`}>
            Upload a file
          </MenuLink>
        )}
        {canEdit && (
          <>
            {hasSource && (
              <MenuLink icon="plus" href={`/jobs/new?meter=${meterId}`}>
                Add a job
              </MenuLink>
            )}
            <MenuRule />
            <MenuItem danger onSelect={() => setArchiving(true)}>
              Archive
            </MenuItem>
          </>
        )}
      </Menu>
      {canEdit && (
        <>
          <LinkButton href={`/meters/${meterId}/edit`} icon="edit">
            Edit
          </LinkButton>
          {hasSource && (
            <Button variant="primary" icon="plug" busy={isBusy && !isArchiving} onClick={runTest}>
              Test connection
            </Button>
          )}
        </>
      )}
      {canUpload && !hasSource && (
        <LinkButton variant="primary" icon="upload" href={`/meters/${meterId}?upload=new`}>
          Upload a file
        </LinkButton>
      )}
      <Dialog
        title={outcome?.ok ? "The source was reached" : "The source was not reached"}
        open={outcome !== null}
        onOpenChange={(open) => !open && setOutcome(null)}
        footer={
          <>
            {outcome?.ok === false && <LinkButton href={`/meters/${meterId}/edit`}>Edit the meter</LinkButton>}
            <Button busy={isBusy} onClick={runTest}>
              Test again
            </Button>
            <DialogClose>
              <Button>Close</Button>
            </DialogClose>
          </>
        }
      >
        {outcome && <TestOutcome outcome={outcome} timezone={timezone} />}
      </Dialog>
      <Dialog
        title={`Archive ${name}?`}
        open={isArchiving}
        onOpenChange={setArchiving}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={runArchive}>
              Archive meter
            </Button>
          </>
        }
      >
        <p>It leaves the fleet, and cannot be brought back from this console.</p>
        <ul className="dots">
          <li>
            {props.jobs.length === 0
              ? "It has no job to end."
              : `${props.jobs.length === 1 ? "Its job ends" : `Its ${props.jobs.length} jobs end`}: ${props.jobs.join(", ")}.`}
          </li>
          <li>
            {props.waitingTasks === 0
              ? "No task is waiting."
              : `${formatNumber(props.waitingTasks)} waiting ${props.waitingTasks === 1 ? "task is" : "tasks are"} cancelled; those under way finish.`}
          </li>
          <li>
            Its readings, their revisions, its MRV records and the archived bytes stay; a record that waits for review
            still does.
          </li>
        </ul>
      </Dialog>
    </>
  );
}
