/** Something that lasts. `order` is that of its file: a later one wins. */
interface Lasting {
  start: number;
  seconds: number;
  order: number;
}

/**
 * In order of time, without two that overlap: of the same start the one that comes later in the list stays, else the one of the later file,
 * within a file the one that starts later. Both would count the same energy twice.
 */
export function withoutOverlaps<T extends Lasting>(all: readonly T[]): { kept: readonly T[]; dropped: T[] } {
  if (all.every((each, at) => at === 0 || endOf(all[at - 1] as T) <= each.start)) return { kept: all, dropped: [] };
  const byStart = new Map<number, T>();
  for (const each of all) byStart.set(each.start, each);
  const kept: T[] = [];
  const dropped: T[] = [];
  for (const each of [...byStart.values()].sort((a, b) => a.start - b.start)) {
    let isKept = true;
    for (let last = kept.at(-1); last && endOf(last) > each.start; last = kept.at(-1)) {
      if (last.order > each.order) {
        isKept = false;
        break;
      }
      kept.pop();
      dropped.push(last);
    }
    if (isKept) kept.push(each);
    else dropped.push(each);
  }
  return { kept, dropped };
}

function endOf({ start, seconds }: Lasting): number {
  return start + seconds;
}
