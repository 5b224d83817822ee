"use client";

import { useEffect, useRef } from "react";
import { StateMark } from "@/components/ui/state";
import type { FieldErrors } from "@/lib/errors";

/** On top of a form that was refused: every field with its sentence, each leading to it. Takes the focus, so that it is read. */
export function ErrorSummary({
  message,
  fields,
  labelOf,
}: {
  message: string;
  fields: FieldErrors;
  labelOf: (name: string) => { label: string; input: string };
}) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for every refusal.
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: "nearest" });
  }, [fields]);
  const entries = Object.entries(fields);
  return (
    <div className="note failed" role="alert" tabIndex={-1} ref={box}>
      <StateMark state="failed" />
      <div>
        <p>
          <b>
            {entries.length === 0
              ? message
              : entries.length === 1
                ? "One field needs another look"
                : `${entries.length} fields need another look`}
          </b>
        </p>
        {entries.length > 0 && (
          <ul>
            {entries.map(([name, sentence]) => {
              const { label, input } = labelOf(name);
              return (
                <li key={name}>
                  <button
                    type="button"
                    className="link"
                    onClick={() => document.querySelector<HTMLElement>(`[name="${CSS.escape(input)}"]`)?.focus()}
                  >
                    {label}
                  </button>
                  : {sentence}
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}
