/** A time axis that leaves long waits out, so that hours of waiting do not squeeze seconds of work. All instants are epoch milliseconds. */
export interface Axis {
  from: number;
  to: number;
  /** Where an instant stands, 0 to 1. */
  place(at: number): number;
  /** What is left out: between these places a long time passes. */
  folds: { from: number; to: number }[];
  ticks: { at: number; place: number; isFirst: boolean }[];
  /** Between two ticks. */
  stepMs: number;
}

const STEPS_MS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 900_000];
/** Labels are about this share of the axis wide. */
const LEAST_DISTANCE = 0.13;

/**
 * `spans` are attempts and waits; `longestAttemptMs` sets the scale: what is without any event for more than six times as long (and
 * two seconds) is folded to twice as long. Null when nothing has happened yet.
 */
export function foldedAxis(spans: readonly { from: number; to: number }[], longestAttemptMs: number): Axis | null {
  const instants = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const [first] = instants;
  const last = instants.at(-1);
  if (first === undefined || last === undefined) return null;
  const scale = Math.min(Math.max(longestAttemptMs, 300), 300_000);
  const stops = [{ at: first, drawn: 0 }];
  const folded: { from: number; to: number }[] = [];
  for (const at of instants.slice(1)) {
    const before = stops.at(-1) ?? { at: first, drawn: 0 };
    const gap = at - before.at;
    const isFolded = gap > Math.max(6 * scale, 2000);
    const drawn = before.drawn + (isFolded ? 2 * scale : gap);
    // The edges stay clear, so that what comes before and after does not touch the fold.
    if (isFolded) folded.push({ from: before.drawn + 0.2 * scale, to: drawn - 0.2 * scale });
    stops.push({ at, drawn });
  }
  const whole = stops.at(-1)?.drawn || 1;
  const place = (at: number) => placeAt(stops, at) / whole;
  const folds = folded.map(({ from, to }) => ({ from: from / whole, to: to / whole }));
  const runs = runsOf(stops, folded);
  const stepMs = STEPS_MS.find((step) => whole / step <= 7) ?? 3_600_000;
  return { from: first, to: last, place, folds, stepMs, ticks: ticksOf(runs, stepMs, place) };
}

interface Stop {
  at: number;
  /** Drawn milliseconds before it. */
  drawn: number;
}

function placeAt(stops: readonly Stop[], at: number): number {
  const next = stops.findIndex((stop) => stop.at >= at);
  const to = stops[next];
  const from = stops[next - 1];
  if (!to) return stops.at(-1)?.drawn ?? 0;
  if (!from || to.at === at) return to.drawn;
  return from.drawn + ((at - from.at) / (to.at - from.at)) * (to.drawn - from.drawn);
}

/** Stretches without a fold. */
function runsOf(
  stops: readonly Stop[],
  folded: readonly { from: number; to: number }[],
): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let from = stops[0]?.at ?? 0;
  for (const [index, stop] of stops.entries()) {
    const next = stops[index + 1];
    const isBeforeFold = next && folded.some((fold) => fold.from >= stop.drawn && fold.to <= next.drawn);
    if (next && !isBeforeFold) continue;
    runs.push({ from, to: stop.at });
    from = next?.at ?? stop.at;
  }
  return runs;
}

/** Round instants of every run (its start where it holds none), as far apart as their labels need. */
function ticksOf(
  runs: readonly { from: number; to: number }[],
  stepMs: number,
  place: (at: number) => number,
): Axis["ticks"] {
  const ticks: Axis["ticks"] = [];
  for (const run of runs) {
    let isFirst = true;
    const rounds: number[] = [];
    for (let at = Math.ceil(run.from / stepMs) * stepMs; at <= run.to; at += stepMs) rounds.push(at);
    for (const at of rounds.length > 0 ? rounds : [run.from]) {
      const last = ticks.at(-1);
      if (last && place(at) - last.place < LEAST_DISTANCE) continue;
      ticks.push({ at, place: place(at), isFirst });
      isFirst = false;
    }
  }
  return ticks;
}
