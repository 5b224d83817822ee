"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { FieldErrors } from "@/lib/errors";
import type { RecomputePlan } from "@/lib/factors/recompute/schemas";
import type { FactorDto } from "@/lib/factors/schemas";
import type { CreateFactor, PlanFactor } from "./add-factor";
import { PlanEffect } from "./plan-effect";
import { methodWords } from "./validity";

interface Values {
  region: string;
  publisher: string;
  edition: string;
  method: string;
  value: string;
  validFrom: string;
  validTo: string;
  source: string;
  note: string;
}

const methods = Object.entries(methodWords).map(([value, label]) => ({ value, label }));

/** First the values, then what they change in stored carbon, then one of two: recompute it, or leave it as it is. */
export function FactorForm(props: {
  regions: readonly string[];
  superseded?: FactorDto;
  plan: PlanFactor;
  create: CreateFactor;
  onDone: () => void;
}) {
  const { superseded, plan: read, create, onDone } = props;
  const toast = useToast();
  const [values, setValues] = useState(() => valuesOf(superseded));
  const [plan, setPlan] = useState<RecomputePlan | null>(null);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isBusy, start] = useTransition();
  const fields = errors?.fields ?? {};
  const factor = () => ({
    ...values,
    note: values.note || undefined,
    validFrom: midnight(values.validFrom),
    validTo: values.validTo ? midnight(values.validTo) : undefined,
    scope: superseded?.scope,
    supersedes: superseded?.id,
  });
  const look = () =>
    start(async () => {
      const answer = await read(null, factor());
      setPlan(answer.ok ? answer.data : null);
      setErrors(answer.ok ? null : answer);
    });
  const save = (planToken?: string) =>
    start(async () => {
      const answer = await create(null, { ...factor(), planToken });
      if (!answer.ok) {
        setPlan(null);
        return setErrors(answer);
      }
      const detail = answer.data.recomputeId
        ? "The recompute begins within a minute."
        : "Stored carbon stays as it is.";
      toast({ title: "Factor stored", detail });
      onDone();
    });
  const input = (
    name: keyof Values,
    rest: { label: string; help?: string; optional?: boolean; type?: string; disabled?: boolean },
  ) => (
    <Field label={rest.label} help={rest.help} optional={rest.optional} error={fields[name]}>
      <Input
        name={name}
        type={rest.type}
        value={values[name]}
        disabled={rest.disabled}
        autoComplete="off"
        onChange={(event) => {
          setPlan(null);
          setValues({ ...values, [name]: event.target.value });
        }}
      />
    </Field>
  );
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      {errors && Object.keys(errors.fields).every((name) => !(name in values)) && (
        <Note state="failed" role="alert">
          {errors.message}
        </Note>
      )}
      {superseded && (
        <Note>
          <p>
            Leave the first day as it is and {superseded.value} is used for no time any more; give a later one and it
            holds until then.
          </p>
        </Note>
      )}
      <div className="fx-form">
        {input("region", { label: "Region", help: "As meters name it.", disabled: superseded !== undefined })}
        <Field label="Method" error={fields.method}>
          <Select
            options={methods}
            value={values.method}
            disabled={superseded !== undefined}
            onChange={(method) => {
              setPlan(null);
              setValues({ ...values, method });
            }}
          />
        </Field>
        {input("publisher", { label: "Publisher" })}
        {input("edition", { label: "Edition" })}
        {input("value", { label: "Value", help: "kg CO₂-e per kWh, such as 0.64." })}
        {input("source", { label: "Source", help: "Where the value was read." })}
        {input("validFrom", { label: "Holds from", type: "date", help: "00:00 UTC." })}
        {input("validTo", { label: "Until", type: "date", optional: true, help: "Exclusive; empty: open." })}
      </div>
      {input("note", { label: "Note", optional: true })}
      {plan && <PlanEffect plan={plan} isCounting={isBusy} />}
      <div className="row justify-end">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        {!plan && (
          <Button type="submit" variant="primary" busy={isBusy}>
            Show what it changes
          </Button>
        )}
        {plan && plan.rows > 0 && (
          <Button busy={isBusy} onClick={() => save()}>
            Store, leave stored carbon
          </Button>
        )}
        {plan && (
          <Button variant="primary" busy={isBusy} onClick={() => save(plan.rows > 0 ? plan.planToken : undefined)}>
            {plan.rows > 0 ? "Store and recompute" : "Store"}
          </Button>
        )}
      </div>
    </form>
  );
}

function valuesOf(factor: FactorDto | undefined): Values {
  const day = (at: Date | null | undefined) => at?.toISOString().slice(0, 10) ?? "";
  return {
    region: factor?.region ?? "",
    publisher: factor?.publisher ?? "",
    edition: factor ? `${factor.edition} corrected` : "",
    method: factor?.method ?? "location",
    value: factor?.value ?? "",
    validFrom: day(factor?.validFrom),
    validTo: day(factor?.validTo),
    source: factor?.source ?? "",
    note: "",
  };
}

/** What is no day is sent as it is, to be refused at its field. */
function midnight(day: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : day;
}
