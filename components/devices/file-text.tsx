"use client";

import { useState } from "react";
import { Field, Textarea } from "@/components/ui/field";
import { FileDrop } from "@/components/uploads/file-drop";
import { MOST_CHARACTERS } from "@/lib/devices/limits";
import type { FieldErrors } from "@/lib/errors";

/** JSON by file or by paste, in one field. `onWhole`: a whole file or paste came, which can be read at once. */
export function FileText(props: {
  name: string;
  label: string;
  help: string;
  optional?: boolean;
  rows: number;
  value: string;
  errors: FieldErrors;
  onChange: (text: string) => void;
  onWhole: (text: string) => void;
}) {
  const { name, label, help, optional, rows, value, errors, onChange, onWhole } = props;
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  const take = async ([file]: File[]) => {
    if (!file) return;
    const isTooLarge = file.size > MOST_CHARACTERS;
    setTooLarge(isTooLarge ? `${file.name} is too large to be such a file.` : null);
    if (isTooLarge) return;
    const text = await file.text();
    onChange(text);
    onWhole(text);
  };
  return (
    <div className="wide stack-s">
      <Field label={label} help={help} optional={optional} error={tooLarge ?? faultsOf(errors, name)}>
        <Textarea
          name={name}
          rows={rows}
          className="mono"
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => {
            const text = event.target.value;
            setTooLarge(null);
            onChange(text);
            if ((event.nativeEvent as InputEvent).inputType === "insertFromPaste") onWhole(text);
          }}
        />
      </Field>
      <FileDrop
        label="Choose the file"
        hint="or drop it here, or paste its text above."
        accept=".json"
        onFiles={take}
      />
    </div>
  );
}

/** Every fault at the field or inside what it holds, each on a line with its place. */
function faultsOf(errors: FieldErrors, name: string) {
  const faults = Object.entries(errors).filter(([path]) => path === name || path.startsWith(`${name}.`));
  if (faults.length === 0) return undefined;
  return faults.map(([path, sentence]) => (
    <span key={path} className="block">
      {path !== name && (
        <>
          <code>{path.slice(name.length + 1)}</code>:{" "}
        </>
      )}
      {sentence}
    </span>
  ));
}
