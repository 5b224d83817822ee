"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FindingDto } from "@/lib/findings/schemas";

/** Asks why a finding may stay, and says so for everybody. */
export function AcknowledgeFinding(props: { finding: { id: string; label: string }; acknowledge: Action<FindingDto> }) {
  const { finding, acknowledge } = props;
  const router = useRouter();
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const answer = await acknowledge(null, { findingId: finding.id, reason });
      if (!answer.ok) return setError(answer.fields.reason ?? answer.message);
      toast({ title: "Finding acknowledged", detail: finding.label });
      setOpen(false);
      router.refresh();
    });
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Acknowledge
      </Button>
      <Dialog
        title={`Acknowledge: ${finding.label}`}
        open={isOpen}
        onOpenChange={setOpen}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button variant="primary" busy={isSaving} onClick={save}>
              Acknowledge
            </Button>
          </>
        }
      >
        <Field
          label="Reason"
          help="Stands beside the finding and in the activity log. It counts as open no more."
          error={error}
        >
          <Textarea value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </Dialog>
    </>
  );
}
