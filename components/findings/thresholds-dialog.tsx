"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Note } from "@/components/ui/note";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { Flow } from "@/lib/connectors/contract";
import type { FieldErrors } from "@/lib/errors";
import type { ThresholdsPreview } from "@/lib/findings/preview-thresholds";
import type { ThresholdField } from "@/lib/findings/threshold-fields";
import type { Thresholds } from "@/lib/findings/thresholds";
import { ThresholdFields } from "./threshold-fields";
import { ThresholdsEffect } from "./thresholds-effect";

/** A pause in typing after which the effect is counted. */
const PAUSE_MS = 500;

interface Meter {
  id: string;
  /** What `auto` stands for; undefined: nobody knows. */
  flow: Flow | undefined;
}

/** From where on readings of a meter are findings: every threshold with its default, and what a change would do. */
export function ThresholdsDialog(props: {
  meter: Meter;
  fields: readonly ThresholdField[];
  /** As stored, by name. */
  values: Record<string, string>;
  preview: Action<ThresholdsPreview>;
  save: Action<Thresholds>;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small icon="settings" onClick={() => setOpen(true)}>
        Thresholds
      </Button>
      <Dialog title="Thresholds of the checks" open={isOpen} onOpenChange={setOpen} wide>
        {isOpen && <ThresholdsForm {...props} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function ThresholdsForm(props: Parameters<typeof ThresholdsDialog>[0] & { onDone: () => void }) {
  const { meter, fields, values: stored, preview, save, onDone } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState(stored);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [effect, setEffect] = useState<ThresholdsPreview | null>(null);
  const [isCounting, startCounting] = useTransition();
  const [isSaving, startSaving] = useTransition();
  const changed = fields.filter(({ name }) => values[name] !== stored[name]);
  const isDefault = fields.every(({ name, fallback }) => values[name] === fallback);

  useEffect(() => {
    if (JSON.stringify(values) === JSON.stringify(stored)) return setEffect(null);
    let isOver = false;
    const timer = setTimeout(
      () =>
        startCounting(async () => {
          const answer = await preview(null, { meterId: meter.id, thresholds: thresholdsOf(fields, values) });
          if (isOver) return;
          setEffect(answer.ok ? answer.data : null);
          setErrors(answer.ok ? null : { message: answer.message, fields: ofFields(answer.fields) });
        }),
      PAUSE_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [values, stored, fields, meter.id, preview]);

  const submit = () =>
    startSaving(async () => {
      const answer = await save(null, { meterId: meter.id, thresholds: thresholdsOf(fields, values) });
      if (!answer.ok) return setErrors({ message: answer.message, fields: ofFields(answer.fields) });
      toast({ title: "Thresholds stored", detail: "The meter's readings are checked again within a minute or two." });
      onDone();
      router.refresh();
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
      <p>
        From where on a reading of this meter is a finding. Numbers are in the unit beside them; a change is in the
        activity log.
      </p>
      {errors && Object.keys(errors.fields).length === 0 && (
        <Note state="failed" role="alert">
          {errors.message}
        </Note>
      )}
      <ThresholdFields
        fields={fields}
        values={values}
        errors={errors?.fields ?? {}}
        flow={meter.flow}
        onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
      />
      <ThresholdsEffect effect={effect} isCounting={isCounting} isChanged={changed.length > 0 && !errors} />
      <div className="row justify-end wrap thr-foot">
        <Button
          variant="quiet"
          disabled={isDefault}
          onClick={() => setValues(Object.fromEntries(fields.map(({ name, fallback }) => [name, fallback])))}
        >
          All to their defaults
        </Button>
        <span className="push" />
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isSaving} disabled={changed.length === 0}>
          Save thresholds
        </Button>
      </div>
    </form>
  );
}

/** An empty number has its default; what is no number stays text, so that it is refused by name. */
function thresholdsOf(fields: readonly ThresholdField[], values: Record<string, string>): Record<string, unknown> {
  const entries = fields.flatMap(({ name, options }) => {
    const text = values[name]?.trim() ?? "";
    if (text === "") return [];
    const number = Number(text.replace(",", "."));
    return [[name, options || Number.isNaN(number) ? text : number]];
  });
  return Object.fromEntries(entries);
}

/** Errors by field; the schema nests them under `thresholds`. */
function ofFields(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([name, error]) => [name.replace(/^thresholds\./, ""), error]));
}
