"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const POINTER_RESTS_AFTER_MS = 8_000;

/**
 * Reads the page again every `seconds`, in place. It waits while the tab is hidden, something is open or selected (anything
 * with `data-holds-refresh`), somebody types, or a pointer moves over a list, so that nothing jumps under it.
 */
export function Live({ seconds = 10 }: { seconds?: number }) {
  const router = useRouter();
  useEffect(() => {
    let pointerMovedAt = 0;
    const onMove = (event: PointerEvent) => {
      pointerMovedAt = event.timeStamp;
    };
    const tick = () => {
      if (document.visibilityState === "hidden" || isBusy()) return;
      if (performance.now() - pointerMovedAt < POINTER_RESTS_AFTER_MS && isOverList()) return;
      router.refresh();
    };
    const timer = setInterval(tick, seconds * 1000);
    const onVisible = () => document.visibilityState === "visible" && tick();
    document.addEventListener("pointermove", onMove, { passive: true });
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener("pointermove", onMove);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [router, seconds]);
  return null;
}

function isBusy(): boolean {
  if (document.querySelector("[data-holds-refresh]")) return true;
  return document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
}

function isOverList(): boolean {
  return document.querySelector("main :is(tbody, ul, [role='grid'], [data-list]):hover") !== null;
}
