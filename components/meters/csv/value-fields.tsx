"use client";

import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choices";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { StateMark } from "@/components/ui/state";
import { type CsvMetric, type CsvUnit, csvMetrics } from "@/lib/connectors/csv/units";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";
import { metricOf } from "@/lib/metrics/registry";
import { errorOf, type FormState } from "../form-fields";
import { ColumnField, ColumnSelect } from "./column-field";
import { isLong, type MappedValue, mappedValues, setting, unitsOf } from "./mapping";

const metricOptions = csvMetrics.map((metric) => ({ value: metric, label: metricOf(metric).label }));
const unitNotes: Partial<Record<CsvUnit, string>> = {
  ...{ kWh: "energy", Wh: "energy", MWh: "energy", J: "energy" },
  ...{ kW: "mean power", W: "mean power", MW: "mean power", kvar: "mean power", var: "mean power", Mvar: "mean power" },
};

/** Which column, or which channel, is which metric in which unit. */
export function ValueFields({ form, answer }: { form: FormState; answer: ReadSample | null }) {
  const columns = answer?.found?.columns ?? null;
  const values = mappedValues(form.values);
  const long = isLong(form.values);
  const write = (next: readonly MappedValue[]) => form.set(setting("values"), JSON.stringify(next));
  const change = (at: number, part: MappedValue) =>
    write(values.map((each, index) => (index === at ? { ...each, ...part } : each)));
  return (
    <>
      {long && (
        <>
          <ColumnField
            {...{ form, columns }}
            name="channelColumn"
            label="Column of the channel"
            help="Says what the number of a row is of."
          />
          <ColumnField {...{ form, columns }} name="valueColumn" label="Column of the value" help="Holds the number." />
        </>
      )}
      <fieldset className="wide mapped">
        <legend className="sr">Values</legend>
        {values.map((each, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a value has no name of its own, and its place is what is changed.
          <div key={at} className="mapped-row">
            <Field
              label={long ? "Channel" : "Column"}
              error={form.errors[`settings.values.${at}.${long ? "channel" : "column"}`]}
            >
              {!long && columns ? (
                <ColumnSelect
                  columns={columns}
                  value={each.column ?? ""}
                  onChange={(column) => change(at, { column })}
                />
              ) : (
                <Input
                  value={(long ? each.channel : each.column) ?? ""}
                  autoComplete="off"
                  onChange={(event) =>
                    change(at, long ? { channel: event.target.value } : { column: event.target.value })
                  }
                />
              )}
            </Field>
            <Field label="Is" error={form.errors[`settings.values.${at}.metric`]}>
              <Select
                options={metricOptions}
                value={each.metric ?? null}
                onChange={(metric) => {
                  const fits = each.unit && unitsOf(metric as CsvMetric).includes(each.unit);
                  change(at, { metric: metric as CsvMetric, unit: fits ? each.unit : undefined });
                }}
              />
            </Field>
            <Field label="Unit" error={form.errors[`settings.values.${at}.unit`]}>
              <Select
                options={unitsOf(each.metric).map((unit) => ({ value: unit, label: unit, note: unitNotes[unit] }))}
                value={each.unit ?? null}
                placeholder={each.metric && unitsOf(each.metric).includes("kWh") ? "kWh or kW?" : "Choose"}
                onChange={(unit) => change(at, { unit: unit as CsvUnit })}
              />
            </Field>
            <span className="mapped-end">
              <Checkbox
                checked={each.invert === true}
                onChange={(invert) => change(at, { invert: invert || undefined })}
              >
                Flip sign
              </Checkbox>
              <IconButton
                icon="close"
                label={`Leave out ${each.column ?? each.channel ?? `value ${at + 1}`}`}
                onClick={() => write(values.filter((_, index) => index !== at))}
              />
            </span>
          </div>
        ))}
        <div className="row wrap">
          <Button small icon="plus" onClick={() => write([...values, {}])}>
            Add a value
          </Button>
          <span className="qq figs">
            A unit of power is a mean over the interval and becomes energy. Several columns of one energy are summed.
          </span>
        </div>
        {errorOf(form.errors, setting("values")) && (
          <div className="field">
            <p className="err failed" role="alert">
              <StateMark state="failed" />
              <span>{errorOf(form.errors, setting("values"))}</span>
            </p>
          </div>
        )}
      </fieldset>
    </>
  );
}
