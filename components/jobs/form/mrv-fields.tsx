"use client";

import { Switch } from "@/components/ui/choices";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import { isMetricName, metricOf } from "@/lib/metrics/registry";
import type { JobFormMeter } from "./form-meter";
import { FormGroup } from "./job-fields";
import type { MrvValues } from "./mrv-values";

export interface MrvFieldsProps {
  values: MrvValues;
  set: (changes: Partial<MrvValues>) => void;
  /** Of a setting, by its name after `settings.`. */
  error: (setting: string) => string | undefined;
  meter: JobFormMeter;
}

export function metricLabel(metric: string): string {
  return isMetricName(metric) ? metricOf(metric).label : metric;
}

/** What a record's figure is. */
export function RecordedFields({ values, set, error, meter }: MrvFieldsProps) {
  return (
    <Field
      label="Metric"
      help="Summed over the period: the record's figure. One job records one metric."
      name="settings.MRV_METRIC"
      error={error("MRV_METRIC")}
    >
      <Select
        options={meter.recordable.map((metric) => ({
          value: metric,
          label: metricLabel(metric),
          note: unitOf(metric),
        }))}
        value={values.metric}
        onChange={(metric) => set({ metric })}
      />
    </Field>
  );
}

function unitOf(metric: string): string {
  return isMetricName(metric) ? metricOf(metric).unit : "";
}

/** What a record is checked against before anybody sees it. */
export function CheckFields({
  values,
  set,
  error,
  meter,
  meters,
}: MrvFieldsProps & { meters: readonly JobFormMeter[] }) {
  const others = meters.filter(({ id }) => id !== meter.id);
  const text = (
    key: "minCoverage" | "maxGap" | "maxEstimated" | "maxKwh" | "crossCheckTolerance" | "earlierTolerance",
  ) => <Input inputMode="decimal" value={values[key]} onChange={(event) => set({ [key]: event.target.value })} />;
  return (
    <FormGroup title="What must hold">
      <div className="pair">
        <Field
          label="Least coverage"
          end="%"
          help="Readings present over readings expected."
          name="settings.MRV_MIN_COVERAGE"
          error={error("MRV_MIN_COVERAGE")}
        >
          {text("minCoverage")}
        </Field>
        <Field
          label="Longest gap"
          end="minutes"
          optional
          help="Empty: coverage alone decides."
          name="settings.MRV_MAX_GAP_MINUTES"
          error={error("MRV_MAX_GAP_MINUTES")}
        >
          {text("maxGap")}
        </Field>
      </div>
      <div className="opt">
        <span>
          <span className="lab">Estimated readings count</span>
          <br />
          <span className="figs qq">Estimated and substituted ones; forecasts never do</span>
        </span>
        <Switch
          checked={values.allowEstimated}
          onChange={(allowEstimated) => set({ allowEstimated })}
          label="Estimated readings count"
        />
      </div>
      {values.allowEstimated && (
        <Field
          label="Most estimated readings"
          end="%"
          optional
          help="Of the period. Empty: any."
          name="settings.MRV_MAX_ESTIMATED_SHARE"
          error={error("MRV_MAX_ESTIMATED_SHARE")}
        >
          {text("maxEstimated")}
        </Field>
      )}
      <div className="pair">
        <Field
          label="Most energy"
          end={unitOf(values.metric)}
          optional
          help="Of the whole period. Empty: the meter's capacity decides, where it is known."
          name="settings.MRV_MAX_KWH"
          error={error("MRV_MAX_KWH")}
        >
          {text("maxKwh")}
        </Field>
        <Field
          label="Tolerance to earlier periods"
          end="%"
          optional
          help="From the median of up to seven records. Empty: shown, not judged."
          name="settings.MRV_EARLIER_TOLERANCE"
          error={error("MRV_EARLIER_TOLERANCE")}
        >
          {text("earlierTolerance")}
        </Field>
      </div>
      <div className="pair">
        <Field
          label="Compare with"
          optional
          help="Another meter of the same site, such as its Solcast estimate."
          name="settings.MRV_CROSS_CHECK_METER"
          error={error("MRV_CROSS_CHECK_METER")}
        >
          <Combobox
            options={[
              { value: "", label: "Nothing" },
              ...others.map(({ id, name, source }) => ({ value: id, label: name, note: source.label })),
            ]}
            value={values.crossCheckMeter ?? ""}
            onChange={(id) => set({ crossCheckMeter: id || null })}
            placeholder="Type a name"
          />
        </Field>
        {values.crossCheckMeter && (
          <Field
            label="Tolerance of the comparison"
            end="%"
            help="Of the other meter's energy."
            name="settings.MRV_CROSS_CHECK_TOLERANCE"
            error={error("MRV_CROSS_CHECK_TOLERANCE")}
          >
            {text("crossCheckTolerance")}
          </Field>
        )}
      </div>
    </FormGroup>
  );
}

/** Who puts a name under a record. */
export function ApprovalFields({ values, set, error }: MrvFieldsProps) {
  return (
    <FormGroup title="Who approves">
      <Field
        label="Approval"
        help="A reviewer who touched neither the meter, the job nor its data. What failed a check always waits for one."
        name="settings.MRV_APPROVAL"
        error={error("MRV_APPROVAL")}
      >
        <Select
          options={[
            { value: "manual", label: "A person approves each record" },
            { value: "auto", label: "Automatic where every check passed" },
          ]}
          value={values.approval}
          onChange={(approval) => set({ approval })}
        />
      </Field>
      {values.approval === "auto" && (
        <Note state="waiting" title="Nobody looks at these records before they leave">
          A record that passed every check is signed and sent by itself, and cannot be taken back. The log names the
          system as who approved it.
        </Note>
      )}
    </FormGroup>
  );
}

/** Where a signed record goes. */
export function TargetFields({ values, set, error, meter }: MrvFieldsProps) {
  const { device } = meter;
  if (!device) return null;
  return (
    <FormGroup title="Where it goes">
      <div className="pair">
        <Field
          label="Policy tag"
          optional
          help="Empty: the device's."
          name="settings.MRV_POLICY_TAG"
          error={error("MRV_POLICY_TAG")}
        >
          <Input
            value={values.policyTag}
            placeholder={device.policyTag}
            onChange={(event) => set({ policyTag: event.target.value })}
          />
        </Field>
        <Field
          label="Reference"
          optional
          help="Subject id of a document in the policy. One it does not know loses the record without a trace."
          name="settings.MRV_REF"
          error={error("MRV_REF")}
        >
          <Input value={values.ref} placeholder={device.ref} onChange={(event) => set({ ref: event.target.value })} />
        </Field>
        <Field
          label="Route"
          help="The second answers when the policy is done."
          name="settings.MRV_ROUTE"
          error={error("MRV_ROUTE")}
        >
          <Select
            options={[
              { value: "external", label: "Take it and answer", note: "external" },
              { value: "sync-events", label: "Wait for the policy", note: "sync-events" },
            ]}
            value={values.route}
            onChange={(route) => set({ route })}
          />
        </Field>
        <Field
          label="Block"
          optional
          help="Tag of one external data block. Empty: every one of the policy."
          name="settings.MRV_BLOCK_TAG"
          error={error("MRV_BLOCK_TAG")}
        >
          <Input value={values.blockTag} onChange={(event) => set({ blockTag: event.target.value })} />
        </Field>
      </div>
      <div className="opt">
        <span>
          <span className="lab">Corrections</span>
          <br />
          <span className="figs qq">The policy takes a second record of a period that corrects the first</span>
        </span>
        <Switch
          checked={values.allowCorrections}
          onChange={(allowCorrections) => set({ allowCorrections })}
          label="Corrections"
        />
      </div>
    </FormGroup>
  );
}
