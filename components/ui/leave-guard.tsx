"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogClose } from "./dialog";

/** What asks while a changed form is on the page. */
let ask: ((href: string) => void) | null = null;

/** For ways to another page that are no link: false where a changed form asks first, and goes there itself. */
export function mayLeaveFor(href: string): boolean {
  ask?.(href);
  return ask === null;
}

/** Asks before a changed form is left: in the console by a dialog; closing and reloading the browser asks by itself. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const router = useRouter();
  const [href, setHref] = useState<string | null>(null);
  useEffect(() => {
    if (!isDirty) return;
    ask = setHref;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || link.target === "_blank" || link.origin !== window.location.origin) return;
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      setHref(link.pathname + link.search);
    };
    window.addEventListener("beforeunload", onUnload);
    // At the window and on the way down: the page's own handlers stand at the document.
    window.addEventListener("click", onClick, true);
    return () => {
      ask = null;
      window.removeEventListener("beforeunload", onUnload);
      window.removeEventListener("click", onClick, true);
    };
  }, [isDirty]);
  return (
    <Dialog
      title="Leave without saving?"
      open={href !== null}
      onOpenChange={(open) => !open && setHref(null)}
      footer={
        <>
          <DialogClose>
            <Button>Stay</Button>
          </DialogClose>
          <Button variant="danger-solid" onClick={() => href && router.push(href)}>
            Leave
          </Button>
        </>
      }
    >
      <p>What you typed on this page is lost.</p>
    </Dialog>
  );
}
