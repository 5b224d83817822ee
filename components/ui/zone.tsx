"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { remember } from "./remember";
import type { ZoneMode } from "./zone-modes";

interface Zones {
  mode: ZoneMode;
  setMode(mode: ZoneMode): void;
  /** The zone of most meters: "Site" where no single meter is meant. */
  siteZone: string;
  /** The viewer's own zone. */
  myZone: string;
  /** When the server rendered, epoch milliseconds: what a first render in the browser must agree with. */
  renderedAt: number;
}

const ZoneContext = createContext<Zones | null>(null);

export function ZoneProvider(props: {
  initialMode: ZoneMode;
  siteZone: string;
  /** As the browser told at an earlier visit; null: not known yet. */
  rememberedZone: string | null;
  renderedAt: number;
  children: ReactNode;
}) {
  const { initialMode, siteZone, rememberedZone, renderedAt, children } = props;
  const [mode, setMode] = useState(initialMode);
  const myZone = useSyncExternalStore(never, browserZone, () => rememberedZone ?? siteZone);
  useEffect(() => {
    const known = browserZone();
    if (known !== rememberedZone) remember("my-zone", known);
  }, [rememberedZone]);
  const zones = useMemo<Zones>(
    () => ({
      mode,
      setMode: (next) => {
        remember("zone", next);
        setMode(next);
      },
      siteZone,
      myZone,
      renderedAt,
    }),
    [mode, siteZone, myZone, renderedAt],
  );
  return <ZoneContext value={zones}>{children}</ZoneContext>;
}

export function useZones(): Zones {
  const zones = useContext(ZoneContext);
  if (!zones) throw new Error("ZoneProvider is missing above this component.");
  return zones;
}

/** The zone to show an instant of a meter in; without a meter's zone the one of most meters stands in for it. */
export function useShownZone(meterZone?: string): string {
  const { mode, siteZone, myZone } = useZones();
  if (mode === "utc") return "UTC";
  return mode === "mine" ? myZone : (meterZone ?? siteZone);
}

/** Now, changing every `stepSeconds`; all that tick together share one timer. */
export function useNow(stepSeconds = 1): Date {
  const { renderedAt } = useZones();
  const step = stepSeconds * 1000;
  const floor = (ms: number) => Math.floor(ms / step) * step;
  const ms = useSyncExternalStore(
    subscribe,
    () => floor(Date.now()),
    () => floor(renderedAt),
  );
  return useMemo(() => new Date(ms), [ms]);
}

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const never = () => () => undefined;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
