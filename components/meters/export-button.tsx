"use client";

import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";

/** Saves what the meters page is narrowed to as a file. */
export function ExportButton({ filter, exportCsv }: { filter: object; exportCsv: Action<string> }) {
  const toast = useToast();
  const [isBusy, startTransition] = useTransition();
  const save = () =>
    startTransition(async () => {
      const answer = await exportCsv(null, filter);
      if (!answer.ok) return toast({ title: "Not exported", detail: answer.message, state: "failed" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([answer.data], { type: "text/csv" }));
      link.download = "meters.csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  return (
    <Button icon="download" busy={isBusy} onClick={save}>
      Export
    </Button>
  );
}
