"use client";

import type { ReactNode } from "react";
import { Switch } from "@/components/ui/choices";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { durationWords } from "../duration-words";
import type { JobFormSource } from "./form-meter";
import { type DelayUnit, delayIso, delayUnits, type JobValues, proposedReread } from "./job-values";

interface Fields {
  values: JobValues;
  set: (changes: Partial<JobValues>) => void;
  error: (...names: string[]) => string | undefined;
  source: JobFormSource | null;
  timezone: string | null;
}

const intervals = [
  "PT5M",
  "PT10M",
  "PT15M",
  "PT30M",
  "PT1H",
  "PT2H",
  "PT3H",
  "PT4H",
  "PT6H",
  "PT12H",
  "P1D",
  "P7D",
  "P1M",
];

/** When a job collects: from which day to which, in which pieces, how long after each. */
export function WhenFields(
  props: Fields & { /** Why start and interval are fixed, or only partly free. */ fixed: boolean },
) {
  const { values, set, error, source, timezone, fixed } = props;
  const iso = delayIso(values);
  return (
    <FormGroup title="When">
      <div className="pair">
        <Field
          label="Start"
          help={
            fixed
              ? `It can move back, not forward: there are tasks already. A backfill then ${values.type === "mrv" ? "records" : "collects"} what lies before.`
              : `The first day, from its midnight${timezone ? ` in ${timezone}` : ""}. Days that have passed are ${values.type === "mrv" ? "recorded" : "collected"}, too.`
          }
          name="startAt"
          error={error("startDay", "startAt")}
        >
          <Input type="date" value={values.startDay} onChange={(event) => set({ startDay: event.target.value })} />
        </Field>
        <Field
          label="End"
          optional
          help="The job ends before this day. Empty: it goes on."
          name="endAt"
          error={error("endDay", "endAt")}
        >
          <Input type="date" value={values.endDay} onChange={(event) => set({ endDay: event.target.value })} />
        </Field>
      </div>
      <Field
        label="Interval"
        help={
          fixed
            ? "Fixed once there are tasks: end this job and add another to change it."
            : `What one task covers.${source && values.type === "etl" ? ` ${source.label} proposes ${durationWords(source.defaultTaskInterval)}.` : ""}`
        }
        name="interval"
        error={error("interval")}
      >
        <Select
          options={intervals.map((each) => ({ value: each, label: durationWords(each), note: each }))}
          value={values.interval}
          onChange={(interval) => set({ interval })}
          disabled={fixed}
        />
      </Field>
      <Field
        label="Delay"
        end={<code>{iso}</code>}
        help={`How long after its end an interval is ${values.type === "mrv" ? "recorded" : "collected"}.${
          source ? ` ${source.label} data is expected after ${durationWords(source.availabilityLag)}.` : ""
        }`}
        name="delay"
        error={error("delay")}
      >
        <div className="duration">
          <Input
            inputMode="numeric"
            value={values.delayCount}
            onChange={(event) => set({ delayCount: event.target.value })}
          />
          <Select
            label="Unit of the delay"
            options={delayUnits.map((unit) => ({ value: unit, label: unit }))}
            value={values.delayUnit}
            onChange={(unit) => set({ delayUnit: unit as DelayUnit })}
          />
        </div>
      </Field>
    </FormGroup>
  );
}

/** How a job collects: what it reads again, how often it tries, whether it asks the source. */
export function HowFields({ values, set, error, source }: Fields) {
  const proposed = source ? proposedReread(source, values.interval) : 1;
  return (
    <FormGroup title="How">
      {values.type === "etl" && (
        <Field
          label="Intervals to read again"
          help={
            source
              ? `Trailing ones, with every task. ${source.label} may change or complete data for ${durationWords(source.restatementWindow)}; ` +
                `for intervals of ${durationWords(values.interval)} ${proposed} ${proposed === 1 ? "is" : "are"} proposed${
                  source.maxRange && values.interval === "P1D"
                    ? `, as one call answers ${durationWords(source.maxRange)}`
                    : ""
                }.`
              : "Trailing ones, with every task, for data that arrives late or changes."
          }
          name="rereadIntervals"
          error={error("rereadIntervals")}
        >
          <Input inputMode="numeric" value={values.reread} onChange={(event) => set({ reread: event.target.value })} />
        </Field>
      )}
      <Field
        label="Retries"
        help="Before a task is failed. Waiting for quota spends none."
        name="maxRetries"
        error={error("maxRetries")}
      >
        <Input inputMode="numeric" value={values.retries} onChange={(event) => set({ retries: event.target.value })} />
      </Field>
      {values.type === "etl" && (
        <div className="opt">
          <span>
            <span className="lab">Always ask the source</span>
            <br />
            <span className="figs qq">Off: archived bytes that cover an interval are used instead</span>
          </span>
          <Switch
            checked={values.forceOverride}
            onChange={(forceOverride) => set({ forceOverride })}
            label="Always ask the source"
          />
        </div>
      )}
    </FormGroup>
  );
}

export function FormGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="form-group">
      <legend className="h2">{title}</legend>
      {children}
    </fieldset>
  );
}
