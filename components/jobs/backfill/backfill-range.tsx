"use client";

import { Field, Input } from "@/components/ui/field";
import { formatInstant } from "@/components/ui/format";
import type { FieldErrors } from "@/lib/errors";
import type { BackfillPlan } from "@/lib/jobs/backfill/schemas";

/** The selected box in words, or two fields for days; below it what that is in UTC. */
export function BackfillRange(props: {
  box: { days: string; hours: string | null } | null;
  days: { from: string; to: string };
  onDays: (days: { from: string; to: string }) => void;
  fields: FieldErrors;
  plan: BackfillPlan | null;
  today: string;
}) {
  const { box, days, onDays, fields, plan, today } = props;
  const utc = plan && plan.intervals.inRange > 0 && (
    <>
      <dt className="qq">In UTC</dt>
      <dd className="q">
        {formatInstant(new Date(plan.from), "UTC", "date-time")} to{" "}
        {formatInstant(new Date(plan.to), "UTC", "date-time")}
      </dd>
    </>
  );
  if (box) {
    return (
      <dl className="kv">
        <dt>Days</dt>
        <dd className="strong">{box.days}</dd>
        {box.hours && (
          <>
            <dt>Hours</dt>
            <dd className="strong">{box.hours}</dd>
          </>
        )}
        {utc}
      </dl>
    );
  }
  return (
    <div className="field">
      <div className="plan-days">
        <Field label="First day" error={fields.from}>
          <Input
            type="date"
            value={days.from}
            max={today}
            onChange={(event) => onDays({ ...days, from: event.target.value })}
          />
        </Field>
        <Field label="Last day" error={fields.to}>
          <Input
            type="date"
            value={days.to}
            max={today}
            onChange={(event) => onDays({ ...days, to: event.target.value })}
          />
        </Field>
      </div>
      <p className="help">Or select intervals in the grid.</p>
      {utc && <dl className="kv">{utc}</dl>}
    </div>
  );
}
