"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { Note } from "@/components/ui/note";
import { useToast } from "@/components/ui/toast";
import type { Action, ActionState } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { JobPreview as Preview } from "@/lib/jobs/preview-job";
import type { JobDto } from "@/lib/jobs/schemas";
import { startWords } from "../../tasks/start-words";
import { durationWords } from "../duration-words";
import { FormGroup, HowFields, WhenFields } from "./job-fields";
import { JobPreview } from "./job-preview";
import { changesOf, createInput, delayOf, type JobFormMeter, type JobValues, proposedReread } from "./job-values";

const COUNT_AFTER_MS = 400;

/**
 * Adds a job to a meter, or changes one. What is not touched follows the meter's type; beside the form stands what a new job
 * would do, counted as it is typed.
 */
export function JobForm(props: {
  meters: readonly JobFormMeter[];
  initial: JobValues;
  /** The job that is changed; null: a new one. */
  job: { id: string; name: string; hasTasks: boolean } | null;
  save: Action<JobDto>;
  preview?: Action<Preview>;
}) {
  const { meters, initial, job, save, preview } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<keyof JobValues>>(new Set());
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const meter = meters.find(({ id }) => id === values.meterId) ?? null;
  const { counted, isCounting } = usePreview(values, job === null ? preview : undefined);
  const previewFields = counted && !counted.ok ? counted.fields : {};
  const isDirty = touched.size > 0;

  const set = (changes: Partial<JobValues>) => {
    const names = new Set([...touched, ...(Object.keys(changes) as (keyof JobValues)[])]);
    setTouched(names);
    setValues((before) => follow({ ...before, ...changes }, names, meters, changes, job !== null));
    setErrors(null);
  };
  // Until it is saved, a field that was touched shows what the count refused.
  const error = (...list: string[]) =>
    list.map((name) => errors?.fields[name] ?? previewFields[name]).find((sentence) => sentence !== undefined);

  const submit = () =>
    startSaving(async () => {
      const answer = await save(null, job ? changesOf(job.id, initial, values) : createInput(values));
      if (!answer.ok) return setErrors(answer);
      setTouched(new Set());
      toast(
        job ? { title: "Job changed", detail: answer.data.name } : { title: "Job added", detail: startWords(answer) },
      );
      router.push(`/jobs/${answer.data.id}`);
      router.refresh();
    });

  return (
    <div className={job ? undefined : "jg"}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <LeaveGuard isDirty={isDirty && !isSaving} />
        <Card className={job ? "form-card" : undefined}>
          <CardHead title={job ? job.name : "New job"} rule />
          <CardBody className="form-body">
            {errors && (
              <Note state="failed" role="alert" title={errors.message}>
                {Object.keys(errors.fields).length > 1 && (
                  <p>{Object.keys(errors.fields).length} fields need another look.</p>
                )}
              </Note>
            )}
            <FormGroup title="What">
              <Field
                label="Meter"
                help={meter ? `${meter.source.label}, days in ${meter.timezone}` : "Its readings are collected."}
                error={error("meterId")}
              >
                <Combobox
                  options={meters.map(({ id, name, source }) => ({ value: id, label: name, note: source.label }))}
                  value={values.meterId}
                  onChange={(meterId) => set({ meterId })}
                  disabled={job !== null}
                  placeholder="Type a name"
                />
              </Field>
              <Field
                label="Name"
                optional={job === null}
                help={
                  job
                    ? undefined
                    : `Left empty it says what it does: Collect every ${durationWords(values.interval).replace(/^1 /, "")}.`
                }
                error={error("name")}
              >
                <Input value={values.name} onChange={(event) => set({ name: event.target.value })} />
              </Field>
            </FormGroup>
            <WhenFields
              values={values}
              set={set}
              error={error}
              source={meter?.source ?? null}
              timezone={meter?.timezone ?? null}
              fixed={job?.hasTasks ?? false}
            />
            <HowFields
              values={values}
              set={set}
              error={error}
              source={meter?.source ?? null}
              timezone={meter?.timezone ?? null}
            />
          </CardBody>
          <CardFoot>
            <Button type="submit" variant="primary" busy={isSaving} disabled={job !== null && !isDirty}>
              {job ? "Save changes" : "Add job"}
            </Button>
            <span className="push">
              <LinkButton
                variant="quiet"
                href={job ? `/jobs/${job.id}?tab=settings` : values.meterId ? `/meters/${values.meterId}` : "/jobs"}
              >
                Cancel
              </LinkButton>
            </span>
          </CardFoot>
        </Card>
      </form>
      {!job && (
        <JobPreview
          preview={counted?.ok ? counted.data : null}
          isCounting={isCounting}
          why={values.meterId ? (counted && !counted.ok ? counted.message : null) : "Choose a meter to see it."}
          timezone={meter?.timezone ?? "UTC"}
        />
      )}
    </div>
  );
}

/** What nobody touched follows the meter's type and the interval. */
function follow(
  values: JobValues,
  touched: ReadonlySet<keyof JobValues>,
  meters: readonly JobFormMeter[],
  changes: Partial<JobValues>,
  isEdit: boolean,
): JobValues {
  const source = meters.find(({ id }) => id === values.meterId)?.source;
  if (!source || isEdit) return values;
  const next = { ...values };
  if (changes.meterId !== undefined && !touched.has("interval")) next.interval = source.defaultTaskInterval;
  if (changes.meterId !== undefined && !touched.has("delayCount")) Object.assign(next, delayOf(source.availabilityLag));
  if (!touched.has("reread")) next.reread = String(proposedReread(source, next.interval));
  return next;
}

/** Counts a little after the last key; an answer that comes late is dropped. */
function usePreview(values: JobValues, preview: Action<Preview> | undefined) {
  const [counted, setCounted] = useState<ActionState<Preview> | null>(null);
  const [isCounting, setCounting] = useState(false);
  const input = JSON.stringify(createInput(values));
  useEffect(() => {
    const order = JSON.parse(input);
    if (!preview || !order.meterId) return;
    let isStale = false;
    setCounting(true);
    const timer = setTimeout(() => {
      void preview(null, order).then((answer) => {
        if (isStale) return;
        setCounting(false);
        setCounted(answer);
      });
    }, COUNT_AFTER_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [input, preview]);
  return { counted, isCounting };
}
