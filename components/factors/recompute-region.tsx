"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { RecomputeDto, RecomputePlan } from "@/lib/factors/recompute/schemas";
import { PlanEffect } from "./plan-effect";

/** Brings stored carbon of a region in line with its factors, after a look at what that changes. */
export function RecomputeRegion(props: {
  regions: readonly string[];
  plan: Action<RecomputePlan>;
  start: Action<RecomputeDto>;
}) {
  const { regions, plan: read, start } = props;
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const [region, setRegion] = useState<string | null>(null);
  const [plan, setPlan] = useState<RecomputePlan | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useTransition();
  const look = (wanted: string) =>
    run(async () => {
      setRegion(wanted);
      const answer = await read(null, { region: wanted });
      setPlan(answer.ok ? answer.data : null);
      setProblem(answer.ok ? null : answer.message);
    });
  const order = () =>
    run(async () => {
      const answer = await start(null, { region, planToken: plan?.planToken });
      if (!answer.ok) return setProblem(answer.message);
      toast({ title: "The recompute was ordered", detail: "It begins within a minute." });
      close();
    });
  const close = () => {
    setOpen(false);
    setRegion(null);
    setPlan(null);
    setProblem(null);
  };
  return (
    <>
      <Button icon="retry" onClick={() => setOpen(true)}>
        Recompute
      </Button>
      <Dialog
        title="Recompute stored carbon"
        open={isOpen}
        onOpenChange={(open) => (open ? setOpen(true) : close())}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button variant="primary" busy={isBusy} disabled={!plan || plan.rows === 0} onClick={order}>
              Recompute
            </Button>
          </>
        }
      >
        {problem && (
          <Note state="failed" role="alert">
            {problem}
          </Note>
        )}
        <Field label="Region" help="Readings of its meters get the factor that holds at their time now.">
          <Select options={regions.map((each) => ({ value: each, label: each }))} value={region} onChange={look} />
        </Field>
        {plan && <PlanEffect plan={plan} isCounting={isBusy} />}
      </Dialog>
    </>
  );
}
