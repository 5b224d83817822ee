"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";

/** The only time a token or a signing secret is on a screen. `children` says what it is good for. */
export function ShownOnce(props: { label: string; text: string; onDone: () => void; children: ReactNode }) {
  const { label, text, onDone, children } = props;
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="stack">
      <Note icon="lock" title="Copy it now: it is not shown again">
        {children}
      </Note>
      <Field label={label}>
        <Input mono readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
      </Field>
      <div className="row justify-end">
        {/* Browsers give the clipboard only to https and loopback pages; the field can be copied by hand. */}
        {typeof navigator !== "undefined" && navigator.clipboard && (
          <Button icon="copy" onClick={copy}>
            <span role="status">{isCopied ? "Copied" : "Copy"}</span>
          </Button>
        )}
        <Button variant="primary" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
