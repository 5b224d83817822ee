"use client";

import type { MouseEvent, ReactNode } from "react";

/** Around a table: a press on a row, beside its links and boxes, follows the row's link of class `lead`. Keys have that link. */
export function OpenRows({ children }: { children: ReactNode }) {
  const onClick = ({ target }: MouseEvent) => {
    if (!(target instanceof Element) || target.closest("a, button, input, label, [role='checkbox']")) return;
    // Somebody who marks text to copy it does not want to leave.
    if (window.getSelection()?.isCollapsed === false) return;
    target.closest("tr")?.querySelector<HTMLAnchorElement>("a.lead")?.click();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the row's own link takes keys.
    <div className="rows-open" onClick={onClick}>
      {children}
    </div>
  );
}
