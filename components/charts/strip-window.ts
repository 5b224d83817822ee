import { addDuration, startOfDay } from "@/lib/time";

/** A window drawn by hand, on whole days: the nearest ones, at least one. */
export function snapped({ from, to }: { from: number; to: number }, zone: string): { from: Date; to: Date } {
  const first = nearestMidnight(new Date(from), zone);
  const last = nearestMidnight(new Date(to), zone);
  if (last > first) return { from: first, to: last };
  const day = startOfDay(new Date(from), zone);
  return { from: day, to: addDuration(day, "P1D", zone) };
}

/** One edge moved by days; null where nothing would be left between them. */
export function movedEdge(
  window: { from: Date; to: Date },
  edge: "from" | "to",
  days: number,
  zone: string,
): { from: Date; to: Date } | null {
  const step = days < 0 ? `-P${-days}D` : `P${days}D`;
  const next = { ...window, [edge]: addDuration(nearestMidnight(window[edge], zone), step, zone) };
  return next.to > next.from ? next : null;
}

function nearestMidnight(at: Date, zone: string): Date {
  const before = startOfDay(at, zone);
  const after = addDuration(before, "P1D", zone);
  return at.getTime() - before.getTime() < after.getTime() - at.getTime() ? before : after;
}
