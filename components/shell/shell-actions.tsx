"use client";

import { createContext, useContext } from "react";
import type { Action } from "@/lib/action";
import type { findInFleet } from "@/lib/overview/find-in-fleet";

/** What the shell does on the server; the app hands the actions down. */
export interface ShellActions {
  find: Action<Awaited<ReturnType<typeof findInFleet>>>;
  changePassword: Action<void>;
  signOut: Action<void>;
}

const ShellActionsContext = createContext<ShellActions | null>(null);
export const ShellActionsProvider = ShellActionsContext.Provider;

export function useShellActions(): ShellActions {
  const actions = useContext(ShellActionsContext);
  if (!actions) throw new Error("ShellActionsProvider is missing above this component.");
  return actions;
}
