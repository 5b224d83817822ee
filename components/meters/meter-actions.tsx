"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { TestResultDto } from "@/lib/meters/schemas";
import { TestOutcome } from "./test-outcome";

/** Test, edit and archive, at the head of a meter's page. */
export function MeterActions(props: {
  meterId: string;
  name: string;
  timezone: string;
  /** Names of the jobs that archiving ends. */
  openJobs: readonly string[];
  test: Action<TestResultDto>;
  archive: Action<{ message: string }>;
}) {
  const { meterId, name, timezone, openJobs, test, archive } = props;
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
      <Button variant="danger" onClick={() => setArchiving(true)}>
        Archive
      </Button>
      <LinkButton href={`/meters/${meterId}/edit`} icon="edit">
        Edit
      </LinkButton>
      <Button variant="primary" icon="plug" busy={isBusy && !isArchiving} onClick={runTest}>
        Test connection
      </Button>
      <Dialog
        title={outcome?.ok ? "The source was reached" : "The source was not reached"}
        open={outcome !== null}
        onOpenChange={(open) => !open && setOutcome(null)}
        footer={
          <DialogClose>
            <Button>Close</Button>
          </DialogClose>
        }
      >
        {outcome && <TestOutcome outcome={outcome} timezone={timezone} />}
      </Dialog>
      <Dialog
        title={`Archive ${name}`}
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
        <p>
          {openJobs.length === 0
            ? "No job runs on it. "
            : `${jobWords(openJobs)}; tasks that have not begun are cancelled. `}
          Readings, records and archived bytes stay.
        </p>
      </Dialog>
    </>
  );
}

function jobWords(names: readonly string[]): string {
  return names.length === 1 ? `1 job ends (${names[0]})` : `${names.length} jobs end (${names.join(", ")})`;
}
