"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";

/** The HTTP call that answers what is on the page. `path` begins with `/api/v1/`. */
export function ApiCall({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false);
  const toast = useToast();
  const url = isOpen ? `${window.location.origin}${path}` : path;
  const curl = `curl -H "Authorization: Bearer $TOKEN" \\\n  "${url}"`;
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ title: "Copied" });
    } catch {
      // Browsers keep the clipboard from pages that are not served securely.
      toast({
        title: "The browser did not let this page copy",
        detail: "Select the text and copy it.",
        state: "failed",
      });
    }
  };
  return (
    <Dialog
      title="The same over the API"
      wide
      open={isOpen}
      onOpenChange={setOpen}
      trigger={<Button icon="copy">API call</Button>}
      footer={
        <>
          <Button onClick={() => void copy(url)}>Copy address</Button>
          <Button onClick={() => void copy(curl)}>Copy curl</Button>
          <DialogClose>
            <Button variant="quiet">Close</Button>
          </DialogClose>
        </>
      }
    >
      <p>
        The same meters, metrics, range and granularity, with an API token in <code>$TOKEN</code>. Leave out{" "}
        <code>format=csv</code> for JSON.
      </p>
      <pre className="callbox">{curl}</pre>
    </Dialog>
  );
}
