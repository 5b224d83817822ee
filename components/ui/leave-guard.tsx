"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogClose } from "./dialog";

/** What asks while a changed form is on the page. */
let ask: ((href: string) => void) | null = null;

/** For ways to another page that are no link: false where a changed form asks first, and goes there itself. */
export function mayLeaveFor(href: string): boolean {
  ask?.(href);
  return ask === null;
}

/** Where somebody wants to go: to an address, or to an entry of the browser's history. */
type Destination = { href: string } | { historyKey: string };

/**
 * Asks before a changed form is left: in the console by a dialog, the browser's Back and Forward included where it lets a page
 * hold them (the Navigation API); closing and reloading the browser asks by itself.
 */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const router = useRouter();
  const [wanted, setWanted] = useState<Destination | null>(null);
  const isLeaving = useRef(false);
  useEffect(() => {
    if (!isDirty) return;
    ask = (href) => setWanted({ href });
    const onTraverse = (event: NavigateEvent) => {
      if (event.navigationType !== "traverse" || !event.cancelable || isLeaving.current) return;
      // What stands in the search of this page's address is no other page.
      if (new URL(event.destination.url).pathname === window.location.pathname) return;
      event.preventDefault();
      setWanted({ historyKey: event.destination.key });
    };
    const history = "navigation" in window ? window.navigation : undefined;
    history?.addEventListener("navigate", onTraverse);
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || link.target === "_blank" || link.origin !== window.location.origin) return;
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted({ href: link.pathname + link.search });
    };
    window.addEventListener("beforeunload", onUnload);
    // At the window and on the way down: the page's own handlers stand at the document.
    window.addEventListener("click", onClick, true);
    return () => {
      ask = null;
      history?.removeEventListener("navigate", onTraverse);
      window.removeEventListener("beforeunload", onUnload);
      window.removeEventListener("click", onClick, true);
    };
  }, [isDirty]);
  const leave = () => {
    if (!wanted) return;
    isLeaving.current = true;
    if ("href" in wanted) router.push(wanted.href);
    else window.navigation.traverseTo(wanted.historyKey);
  };
  return (
    <Dialog
      title="Leave without saving?"
      open={wanted !== null}
      onOpenChange={(open) => !open && setWanted(null)}
      footer={
        <>
          <DialogClose>
            <Button>Stay</Button>
          </DialogClose>
          <Button variant="danger-solid" onClick={leave}>
            Leave
          </Button>
        </>
      }
    >
      <p>What you typed on this page is lost.</p>
    </Dialog>
  );
}
