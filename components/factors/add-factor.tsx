"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Action } from "@/lib/action";
import type { RecomputePlan } from "@/lib/factors/recompute/schemas";
import type { CreatedFactor, FactorDto } from "@/lib/factors/schemas";
import { FactorForm } from "./factor-form";

export type PlanFactor = Action<RecomputePlan>;
export type CreateFactor = Action<CreatedFactor>;

export function AddFactor(props: { regions: readonly string[]; plan: PlanFactor; create: CreateFactor }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon="plus" onClick={() => setOpen(true)}>
        Add factor
      </Button>
      <Dialog title="Add an emission factor" open={isOpen} onOpenChange={setOpen} wide>
        <FactorForm {...props} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** The same form over what it replaces: a corrected value for the same period, or a new one from a date. */
export function SupersedeFactor(props: { factor: FactorDto; plan: PlanFactor; create: CreateFactor }) {
  const { factor, plan, create } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="edit" onClick={() => setOpen(true)}>
        Supersede
      </Button>
      <Dialog title={`Supersede ${factor.region}, edition ${factor.edition}`} open={isOpen} onOpenChange={setOpen} wide>
        <FactorForm
          regions={[factor.region]}
          superseded={factor}
          plan={plan}
          create={create}
          onDone={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}
