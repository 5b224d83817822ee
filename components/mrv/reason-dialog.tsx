"use client";

import { type ReactNode, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";

/** A decision that needs a reason. `decide` answers what is wrong, or null when it is done. */
export function ReasonDialog(props: {
  title: string;
  /** What it means, above the field. */
  children?: ReactNode;
  help: string;
  confirm: string;
  isDanger?: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  decide: (reason: string) => Promise<string | null>;
}) {
  const { title, children, help, confirm, isDanger, open, onOpenChange, decide } = props;
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, startTransition] = useTransition();
  const run = () =>
    startTransition(async () => {
      const fault = await decide(reason);
      if (fault !== null) return setError(fault);
      setReason("");
      setError(undefined);
      onOpenChange(false);
    });
  return (
    <Dialog
      title={title}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <Button variant={isDanger ? "danger-solid" : "primary"} busy={isBusy} onClick={run}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      <Field label="Reason" help={help} error={error}>
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Dialog>
  );
}
