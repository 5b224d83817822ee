"use client";

import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/choices";
import { FieldGroup } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import type { SettingField } from "@/lib/meters/form-options";
import type { TestResultDto } from "@/lib/meters/schemas";
import type { FormState } from "./form-fields";
import { listParts } from "./meter-values";
import { TestOutcome } from "./test-outcome";

/** Beside the form: reaches the source as the form has it now, and offers what was found there for the settings. */
export function ConnectionCard(props: {
  form: FormState;
  outcome: TestResultDto | null;
  settings: readonly SettingField[];
  isTesting: boolean;
  isS3: boolean;
  onTest: () => void;
}) {
  const { form, outcome, settings, isTesting, isS3, onTest } = props;
  return (
    <Card className="beside">
      <CardHead
        title="Connection"
        rule
        end={
          <Button small icon="plug" busy={isTesting} onClick={onTest}>
            {isTesting ? "Testing…" : "Test connection"}
          </Button>
        }
      />
      <CardBody className="connection" aria-live="polite">
        {isTesting && (
          <>
            <Skeleton width="80%" />
            <Skeleton width="55%" />
            <Skeleton height="64px" />
          </>
        )}
        {!isTesting && outcome && <TestOutcome outcome={outcome} timezone={form.values.timezone} />}
        {!isTesting &&
          outcome?.choices.map((choices) => (
            <Choices
              key={choices.setting}
              form={form}
              choices={choices}
              field={settings.find(({ name }) => name === choices.setting)}
            />
          ))}
        {!isTesting && !outcome && (
          <>
            <p className="q">
              Fill in the source, then test it: what was reached and what was found stands here, before anything is
              saved.
            </p>
            <ul className="hints qq">
              {isS3 ? (
                <>
                  <li>
                    The bucket is listed under the prefix (up to 10,000 objects), and the newest object that fits is
                    read as this meter would read it; of one over 32 MB only the first byte.
                  </li>
                  <li>Needed rights: s3:ListBucket on the bucket, s3:GetObject on its objects.</li>
                </>
              ) : (
                <>
                  <li>Two calls are taken from the quota of the account.</li>
                  <li>The channels of the device can then be chosen by name.</li>
                </>
              )}
              <li>A meter can also be saved untested; its first task then says what is wrong.</li>
            </ul>
          </>
        )}
      </CardBody>
    </Card>
  );
}

function Choices(props: {
  form: FormState;
  choices: TestResultDto["choices"][number];
  field: SettingField | undefined;
}) {
  const { form, choices, field } = props;
  const name = `settings.${choices.setting}`;
  const typed = listParts(field?.kind ?? "text-list", form.values[name] ?? "");
  const all = choices.options.map((option) => option.value);
  const chosen = typed.length === 0 && choices.whenEmpty === "all" ? all : typed;
  const toggle = (value: string, isOn: boolean) => {
    const next = all.filter((each) => (each === value ? isOn : chosen.includes(each)));
    form.set(name, next.length === all.length && choices.whenEmpty === "all" ? "" : next.join(", "));
  };
  return (
    <FieldGroup legend={field?.title ?? choices.setting} help={field?.description}>
      {choices.options.map(({ value, label }) => (
        <Checkbox key={value} checked={chosen.includes(value)} onChange={(isOn) => toggle(value, isOn)}>
          {value} <span className="qq">{label}</span>
        </Checkbox>
      ))}
    </FieldGroup>
  );
}
