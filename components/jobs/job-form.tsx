"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Switch } from "@/components/ui/choices";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { JobDto } from "@/lib/jobs/schemas";

const intervals = [
  { value: "PT5M", label: "5 minutes" },
  { value: "PT15M", label: "15 minutes" },
  { value: "PT30M", label: "30 minutes" },
  { value: "PT1H", label: "1 hour" },
  { value: "PT6H", label: "6 hours" },
  { value: "P1D", label: "1 day" },
  { value: "P7D", label: "7 days" },
  { value: "P1M", label: "1 month" },
];

export interface JobFormMeter {
  id: string;
  name: string;
  timezone: string;
  /** Of the meter's type. */
  interval: string;
  delay: string;
}

/** Adds a job to a meter: from which day, in which intervals, how long after each. */
export function JobForm(props: {
  meters: readonly JobFormMeter[];
  meterId: string | null;
  startDay: string;
  create: Action<JobDto>;
}) {
  const { meters, create } = props;
  const router = useRouter();
  const toast = useToast();
  const [meterId, setMeterId] = useState(props.meterId);
  const [values, setValues] = useState({
    name: "",
    startDay: props.startDay,
    endDay: "",
    interval: "",
    delay: "",
    reread: "1",
    retries: "5",
  });
  const [forceOverride, setForceOverride] = useState(true);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isDirty, setDirty] = useState(false);
  const [isSaving, startSaving] = useTransition();
  const meter = meters.find(({ id }) => id === meterId);
  const set = (name: keyof typeof values) => (value: string) => {
    setValues((before) => ({ ...before, [name]: value }));
    setDirty(true);
  };
  const bind = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => set(name)(event.target.value),
  });
  const error = (name: string) => errors?.fields[name];
  const submit = () =>
    startSaving(async () => {
      const answer = await create(null, {
        meterId,
        name: values.name || undefined,
        startDay: values.startDay,
        endDay: values.endDay || undefined,
        interval: values.interval || meter?.interval,
        delay: values.delay || undefined,
        rereadIntervals: numberOf(values.reread),
        maxRetries: numberOf(values.retries),
        forceOverride,
      });
      if (!answer.ok) return setErrors(answer);
      setDirty(false);
      toast({ title: "Job added", detail: "Its first tasks are made within a minute." });
      router.push(`/jobs/${answer.data.id}`);
    });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <LeaveGuard isDirty={isDirty} />
      <Card className="form-card">
        <CardHead title="New job" rule />
        <CardBody className="form-body">
          {errors && <Note state="failed" role="alert" title={errors.message} />}
          <Field label="Meter" error={error("meterId")}>
            <Combobox
              options={meters.map(({ id, name }) => ({ value: id, label: name }))}
              value={meterId}
              onChange={setMeterId}
            />
          </Field>
          <Field label="Name" optional help="Left empty it says what it does." error={error("name")}>
            <Input {...bind("name")} />
          </Field>
          <Field
            label="Start"
            help={`The first day${meter ? `, from midnight ${meter.timezone}` : ""}. Days that have passed are collected, too.`}
            error={error("startDay") ?? error("startAt")}
          >
            <Input {...bind("startDay")} type="date" required />
          </Field>
          <Field
            label="End"
            optional
            help="The job ends before this day. Empty: it goes on."
            error={error("endDay") ?? error("endAt")}
          >
            <Input {...bind("endDay")} type="date" />
          </Field>
          <Field label="Interval" help="What one task covers." error={error("interval")}>
            <Select
              options={intervals}
              value={values.interval || (meter?.interval ?? "P1D")}
              onChange={set("interval")}
            />
          </Field>
          <Field
            label="Delay"
            optional
            help="How long after an interval's end it is collected, such as PT10M."
            error={error("delay")}
          >
            <Input {...bind("delay")} mono placeholder={meter?.delay ?? "PT10M"} />
          </Field>
          <Field
            label="Intervals to read again"
            help="Trailing ones, for data that arrives late."
            error={error("rereadIntervals")}
          >
            <Input {...bind("reread")} inputMode="numeric" />
          </Field>
          <Field
            label="Retries"
            help="Before a task is failed. Waiting for quota spends none."
            error={error("maxRetries")}
          >
            <Input {...bind("retries")} inputMode="numeric" />
          </Field>
          <Switch checked={forceOverride} onChange={setForceOverride}>
            Always ask the source, even where archived bytes cover the interval
          </Switch>
        </CardBody>
        <CardFoot>
          <Button type="submit" variant="primary" busy={isSaving}>
            Add job
          </Button>
          <span className="push">
            <LinkButton variant="quiet" href={meterId ? `/meters/${meterId}` : "/jobs"}>
              Cancel
            </LinkButton>
          </span>
        </CardFoot>
      </Card>
    </form>
  );
}

/** What is no number stays text, so that the schema refuses it at its field. */
function numberOf(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
