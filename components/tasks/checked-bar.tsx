"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { BulkDialog, type Selection } from "./bulk-dialog";
import type { TaskVerbs } from "./task-actions";

/** What can be done with the rows that are checked. Nothing is done before the dialog has shown what. */
export function CheckedBar(
  props: TaskVerbs & {
    label: string;
    /** What is checked, in words. */
    children: ReactNode;
    selection: Selection;
    onClear: () => void;
    onDone: () => void;
  },
) {
  const { label, children, selection, onClear, onDone, ...verbs } = props;
  const [verb, setVerb] = useState<"retry" | "cancel" | null>(null);
  return (
    <>
      <div className="abar" role="toolbar" aria-label={label} data-holds-refresh="">
        <div className="info">{children}</div>
        <Button variant="quiet" icon="retry" onClick={() => setVerb("retry")}>
          Retry…
        </Button>
        <Button variant="quiet" icon="close" onClick={() => setVerb("cancel")}>
          Cancel…
        </Button>
        <Button variant="quiet" onClick={onClear}>
          Clear
        </Button>
      </div>
      {verb && (
        <BulkDialog {...verbs} verb={verb} selection={selection} onClose={() => setVerb(null)} onDone={onDone} />
      )}
    </>
  );
}
