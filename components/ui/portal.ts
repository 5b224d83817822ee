"use client";

import { createContext, useContext } from "react";

/** True inside a dialog or drawer: everything outside of them, `main` too, is out of reach while they are open. */
export const InsideDialog = createContext(false);

/** Where menus, lists and tooltips are put: into `main`, so that what opens stays inside a landmark. */
export function usePortalContainer(): HTMLElement | undefined {
  const isInsideDialog = useContext(InsideDialog);
  if (isInsideDialog || typeof document === "undefined") return undefined;
  return document.querySelector("main") ?? undefined;
}
