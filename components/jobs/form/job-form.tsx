"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { Action, ActionState } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { SubjectPreview as SubjectPreviewData } from "@/lib/jobs/mrv/preview-subject";
import type { JobPreview as Preview } from "@/lib/jobs/preview-job";
import type { JobDto } from "@/lib/jobs/schemas";
import { ErrorSummary } from "../../meters/error-summary";
import { startWords } from "../../tasks/start-words";
import { durationWords } from "../duration-words";
import { FieldMapEditor } from "./field-map-editor";
import { labelOfJobField } from "./field-words";
import type { JobFormMeter } from "./form-meter";
import { FormGroup, HowFields, WhenFields } from "./job-fields";
import { JobPreview } from "./job-preview";
import { changesOf, createInput, delayOf, type JobValues, proposedReread } from "./job-values";
import { ApprovalFields, CheckFields, RecordedFields, TargetFields } from "./mrv-fields";
import { type MrvValues, mrvSettingsOf, proposedMrv } from "./mrv-values";
import { SubjectPreview, useSubjectPreview } from "./subject-preview";

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
  previewSubject: Action<SubjectPreviewData>;
}) {
  const { meters, initial, job, save, preview, previewSubject } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<keyof JobValues>>(new Set());
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const meter = meters.find(({ id }) => id === values.meterId) ?? null;
  const { counted, isCounting } = usePreview(values, job === null ? preview : undefined);
  const isMrv = values.type === "mrv";
  const canRecord = isMrv && meter?.device != null && meter.recordable.length > 0;
  const subjectOrder = canRecord ? { meterId: values.meterId, settings: mrvSettingsOf(values.mrv) } : null;
  const { built } = useSubjectPreview(subjectOrder, previewSubject);
  const subjectFields = canRecord && built?.ok ? built.data.faults : {};
  const previewFields: FieldErrors = { ...subjectFields, ...(counted && !counted.ok ? counted.fields : {}) };
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

  const mrvProps = meter && {
    values: values.mrv,
    set: (changes: Partial<MrvValues>) => set({ mrv: { ...values.mrv, ...changes } }),
    error: (setting: string) => error(`settings.${setting}`),
    meter,
  };

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
    <div className={job && !isMrv ? undefined : "jg"}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <LeaveGuard isDirty={isDirty && !isSaving} />
        <Card className={job && !isMrv ? "form-card" : undefined}>
          <CardHead title={job ? job.name : "New job"} rule />
          <CardBody className="form-body">
            {errors && <ErrorSummary {...errors} labelOf={labelOfJobField} />}
            <FormGroup title="What">
              <Field
                label="Meter"
                help={meter ? `${meter.source.label}, days in ${meter.timezone}` : "Its readings are collected."}
                name="meterId"
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
                label="Type"
                help={
                  isMrv
                    ? "Makes a signed record of each interval, from readings that are stored."
                    : "Collects the meter's readings."
                }
                name="type"
                error={error("type")}
              >
                <Select
                  options={[
                    { value: "etl", label: "Collect readings", note: "ETL" },
                    { value: "mrv", label: "Record for a policy", note: "MRV" },
                  ]}
                  value={values.type}
                  onChange={(type) => set({ type: type as JobValues["type"] })}
                  disabled={job !== null}
                />
              </Field>
              {isMrv && meter && <WhyNoRecord meter={meter} />}
              {canRecord && mrvProps && <RecordedFields {...mrvProps} />}
              <Field
                label="Name"
                optional={job === null}
                help={
                  job
                    ? undefined
                    : `Left empty it says what it does: ${isMrv ? "Record" : "Collect"} every ${durationWords(values.interval).replace(/^1 /, "")}.`
                }
                name="name"
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
            {canRecord && mrvProps && (
              <>
                <CheckFields {...mrvProps} meters={meters} />
                <ApprovalFields {...mrvProps} />
                <TargetFields {...mrvProps} />
                <FieldMapEditor {...mrvProps} />
              </>
            )}
            <HowFields
              values={values}
              set={set}
              error={error}
              source={meter?.source ?? null}
              timezone={meter?.timezone ?? null}
            />
          </CardBody>
          <CardFoot>
            <Button
              type="submit"
              variant="primary"
              busy={isSaving}
              disabled={(job !== null && !isDirty) || (isMrv && !canRecord)}
            >
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
      <div className="stack">
        {!job && (
          <JobPreview
            preview={counted?.ok ? counted.data : null}
            isCounting={isCounting}
            why={whyNotCounted(values, counted)}
            timezone={meter?.timezone ?? "UTC"}
            type={values.type}
          />
        )}
        {canRecord && <SubjectPreview built={built} hasSchema={meter.device?.hasSchema ?? false} />}
      </div>
    </div>
  );
}

/** What is wrong with fields of the form is said at them. */
function whyNotCounted(values: JobValues, counted: ActionState<Preview> | null): string | null {
  if (!values.meterId) return "Choose a meter to see it.";
  if (!counted || counted.ok) return null;
  return Object.keys(counted.fields).length > 0 ? "It is counted as soon as every field fits." : counted.message;
}

/** Where a meter cannot be recorded: what to do about it. */
function WhyNoRecord({ meter }: { meter: JobFormMeter }) {
  if (meter.recordable.length === 0) {
    return (
      <Note state="waiting" title={`${meter.name} is modelled, not measured`}>
        {meter.source.label} readings can be compared with, and never recorded. Choose a meter of the same site.
      </Note>
    );
  }
  if (meter.device) return null;
  return (
    <Note state="waiting" title={`${meter.name} has no device that could sign its records`}>
      Attach it to a device first: on <Link href="/devices">Devices</Link> open the device, or add it with the MRV
      config that the policy hands out, and attach the meter there.
    </Note>
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
  const isMrv = values.type === "mrv";
  if (changes.meterId !== undefined || changes.type !== undefined) {
    if (!touched.has("mrv") || changes.meterId !== undefined) {
      next.mrv = proposedMrv(meters.find(({ id }) => id === values.meterId) ?? null);
    }
    if (!touched.has("interval")) next.interval = isMrv ? "P1D" : source.defaultTaskInterval;
    if (!touched.has("delayCount")) Object.assign(next, delayOf(isMrv ? source.recordDelay : source.availabilityLag));
  }
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
