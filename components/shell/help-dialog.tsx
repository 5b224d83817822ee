"use client";

import { Fragment } from "react";
import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { useKeyGroups } from "./keys";

/** What `?` shows: every key that works on this page. */
export function HelpDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const groups = useKeyGroups();
  return (
    <Dialog title="Keys" open={open} onOpenChange={onOpenChange}>
      {groups.map((group) => (
        <section key={group.id}>
          <h3 className="h2">{group.name}</h3>
          <dl className="keys">
            {group.keys.map(({ key, label }) => (
              <Fragment key={key}>
                <dt>{label}</dt>
                <dd>
                  {wordsOf(key).map((word) => (
                    <Kbd key={word}>{word}</Kbd>
                  ))}
                </dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

function wordsOf(key: string): string[] {
  const names: Record<string, string> = { mod: "⌘", ArrowUp: "↑", ArrowDown: "↓", Escape: "esc", Enter: "↵" };
  return key.split(/[+ ](?=.)/).map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}
