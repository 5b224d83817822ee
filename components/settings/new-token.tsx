"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";

/** The only time a token is on a screen. */
export function NewToken({ text, onDone }: { text: string; onDone: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="stack">
      <Note icon="lock" title="Copy it now: it is not shown again">
        Only a hash of it is kept. Whoever has it acts with its role.
      </Note>
      <Field label="Token">
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
