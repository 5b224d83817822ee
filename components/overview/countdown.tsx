"use client";

import { formatLength } from "../ui/format";
import { useNow } from "../ui/zone";

/** Dispatch runs at every whole minute. */
export function NextDispatch() {
  const now = useNow();
  return <span className="nw">in {60 - now.getUTCSeconds()} s</span>;
}

/** How long something has waited, counting on. */
export function Waited({ since }: { since: string }) {
  const now = useNow();
  return <span className="nw">{formatLength((now.getTime() - new Date(since).getTime()) / 1000)}</span>;
}
