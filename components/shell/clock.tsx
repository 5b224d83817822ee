"use client";

import { useSyncExternalStore } from "react";
import { formatInstant, zoneName } from "../ui/format";
import { useNow, useShownZone } from "../ui/zone";

/** Whether the browser is online, and the time in the shown zone. Only the first is announced. */
export function Clock() {
  const now = useNow();
  const zone = useShownZone();
  const isOnline = useSyncExternalStore(
    onConnection,
    () => navigator.onLine,
    () => true,
  );
  return (
    <span className="live" data-offline={isOnline ? undefined : ""}>
      <span role="status">{isOnline ? "Live" : "Offline"}</span>
      <span aria-hidden="true">
        {formatInstant(now, zone, "seconds")} {zoneName(zone, now)}
      </span>
    </span>
  );
}

function onConnection(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
