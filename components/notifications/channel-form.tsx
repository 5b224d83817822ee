"use client";

import { useState, useTransition } from "react";
import { type FormState, SchemaFields } from "@/components/meters/form-fields";
import { settingOf } from "@/components/meters/meter-values";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choices";
import { DialogClose } from "@/components/ui/dialog";
import { Field, FieldGroup, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import type { Action } from "@/lib/action";
import type { ChannelKind } from "@/lib/db/schema/notifications";
import type { FieldErrors } from "@/lib/errors";
import type { ChannelFormOptions } from "@/lib/notifications/channels/form-options";
import type { ChannelDto, ChannelWithSecret } from "@/lib/notifications/channels/internal";
import { kindWords } from "./words";

/** Adds a channel, or changes the one given: of that its kind stays, and its address unless another is typed. */
export function ChannelForm(props: {
  options: ChannelFormOptions;
  channel?: ChannelDto;
  save: Action<ChannelWithSecret>;
  onSaved: (saved: ChannelWithSecret) => void;
}) {
  const { options, channel, save, onSaved } = props;
  const [name, setName] = useState(channel?.name ?? "");
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? "webhook");
  const [values, setValues] = useState<FormState["values"]>({});
  const [kinds, setKinds] = useState(channel?.kinds ?? options.incidentKinds.map((each) => each.kind));
  const [sendsHealed, setSendsHealed] = useState(channel?.sendsHealed ?? true);
  const [replaceSecret, setReplaceSecret] = useState(false);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const fields = options.kinds.find((each) => each.kind === kind)?.fields ?? [];
  const submit = () =>
    startSaving(async () => {
      const typed = fields.flatMap((field) => {
        const text = values[`target.${field.name}`]?.trim() ?? "";
        return text === "" ? [] : [[field.name, settingOf(field, text)]];
      });
      const target = typed.length > 0 || !channel ? Object.fromEntries(typed) : undefined;
      const shared = { name, kinds, sendsHealed, target };
      const answer = await save(
        null,
        channel ? { ...shared, channelId: channel.id, replaceSecret } : { ...shared, kind },
      );
      if (answer.ok) onSaved(answer.data);
      else setErrors(answer);
    });
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {errors && Object.keys(errors.fields).length === 0 && (
        <Note state="failed" role="alert">
          {errors.message}
        </Note>
      )}
      <Field label="Name" help="Who or what listens there." error={errors?.fields.name}>
        <Input name="name" value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      {!channel && (
        <Field label="Kind" error={errors?.fields.kind}>
          <Select
            options={options.kinds.map((each) => ({
              value: each.kind,
              label: kindWords[each.kind].label,
              note: kindWords[each.kind].help,
            }))}
            value={kind}
            onChange={(value) => setKind(value as ChannelKind)}
          />
        </Field>
      )}
      {kind === "email" && !options.hasMail && (
        <Note state="waiting" title="E-mail is not set up">
          Set SMTP_URL and SMTP_FROM in the environment and start Meterproof again. Until then nothing is sent.
        </Note>
      )}
      <SchemaFields
        form={{
          values,
          errors: errors?.fields ?? {},
          set: (field, value) => setValues({ ...values, [field]: value }),
        }}
        fields={fields}
        prefix="target"
        path="target"
        stored={channel && `${channel.targetHint}, stored. Type another to replace it`}
      />
      <FieldGroup legend="Tell it of" error={errors?.fields.kinds}>
        {options.incidentKinds.map((each) => (
          <Checkbox
            key={each.kind}
            checked={kinds.includes(each.kind)}
            onChange={(isOn) => setKinds(isOn ? [...kinds, each.kind] : kinds.filter((other) => other !== each.kind))}
          >
            {each.label} <span className="qq">{each.help}</span>
          </Checkbox>
        ))}
        <Checkbox checked={sendsHealed} onChange={setSendsHealed}>
          Healed <span className="qq">what it was told of is over</span>
        </Checkbox>
      </FieldGroup>
      {channel?.kind === "webhook" && (
        <Checkbox checked={replaceSecret} onChange={setReplaceSecret}>
          Make a new signing secret <span className="qq">the old one signs nothing any more</span>
        </Checkbox>
      )}
      <div className="row justify-end">
        <DialogClose>
          <Button>{channel ? "Keep as it is" : "Cancel"}</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isSaving}>
          {channel ? "Save" : "Add channel"}
        </Button>
      </div>
    </form>
  );
}
