import type { MetricName } from "../metrics/registry";
import type { ReadingRow } from "./read-rows";

interface Slot {
  index: number;
  first: ReadingRow;
  last: ReadingRow;
  lowest: Map<MetricName, ReadingRow>;
  highest: Map<MetricName, ReadingRow>;
}

/**
 * Keeps, of each stretch of time, its first and last row and those with the lowest and highest value of each metric, so that no
 * peak disappears from a chart. Rows are kept as they are. Fewer rows than `maxPoints` pass untouched where that can be
 * told from the page; about that many remain otherwise.
 */
export async function* thinOut(
  pages: AsyncIterable<ReadingRow[]>,
  options: { from: Date; to: Date; metrics: readonly MetricName[]; maxPoints: number },
): AsyncGenerator<ReadingRow[]> {
  const { from, to, metrics, maxPoints } = options;
  // Rows are held until there are too many; a series that fits is not thinned at all.
  let held: ReadingRow[] | null = [];
  const perSlot = 2 + 2 * metrics.length;
  const slots = Math.max(1, Math.floor(maxPoints / perSlot));
  const width = (to.getTime() - from.getTime()) / slots;
  let slot: Slot | undefined;
  const add = (row: ReadingRow): ReadingRow[] => {
    const index = Math.floor((Date.parse(row.timestamp) - from.getTime()) / width);
    const done = slot && slot.index !== index ? keptOf(slot) : [];
    if (!slot || slot.index !== index) slot = { index, first: row, last: row, lowest: new Map(), highest: new Map() };
    slot.last = row;
    for (const metric of metrics) {
      const value = row[metric];
      if (value === null || value === undefined) continue;
      const lowest = slot.lowest.get(metric);
      const highest = slot.highest.get(metric);
      if (!lowest || Number(value) < Number(lowest[metric])) slot.lowest.set(metric, row);
      if (!highest || Number(value) > Number(highest[metric])) slot.highest.set(metric, row);
    }
    return done;
  };
  for await (const page of pages) {
    if (held && held.length + page.length <= maxPoints) {
      held.push(...page);
      continue;
    }
    const rows: ReadingRow[] = held ? [...held, ...page] : page;
    held = null;
    const kept = rows.flatMap(add);
    if (kept.length > 0) yield kept;
  }
  const rest = held ?? (slot ? keptOf(slot) : []);
  if (rest.length > 0) yield rest;
}

function keptOf({ first, last, lowest, highest }: Slot): ReadingRow[] {
  const kept = new Set([first, last, ...lowest.values(), ...highest.values()]);
  return [...kept].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
}
