"use client";

import { Button, IconButton } from "./button";
import { useToast } from "./toast";

/** Copies `text`. With words it is a small quiet button, without an icon named `label`. */
export function CopyButton(props: { text: string; label: string; children?: string }) {
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      toast({ title: "Copied", detail: props.text.length > 60 ? `${props.text.slice(0, 60)}…` : props.text });
    } catch {
      toast({ title: "The browser does not let pages copy here", detail: "Select the text instead.", state: "failed" });
    }
  };
  if (!props.children) return <IconButton icon="copy" label={props.label} onClick={copy} />;
  return (
    <Button variant="quiet" small icon="copy" onClick={copy}>
      {props.children}
    </Button>
  );
}
