const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a time string such as `2h30m`, or null when it is not one. An empty string is no time at all. */
export function parseDurationMs(text: string): number | null {
  if (text === "") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)) {
    total += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  }
  return total;
}

/** The instant a time string or an ISO date points to, or null when it is neither. */
export function parseInstant(text: string, now: Date): Date | null {
  const durationMs = parseDurationMs(text);
  if (durationMs !== null) return new Date(now.getTime() + durationMs);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at);
}

/**
 * The instant of a `Retry-After` header: seconds from now, or a date. Like Inngest it is kept between one second and
 * one day from now, so a mistaken header can neither hammer an app nor park a run for ever.
 */
export function parseRetryAfter(header: string | undefined, now: Date): Date | null {
  if (!header) return null;
  const seconds = Number(header);
  const at = Number.isFinite(seconds) ? now.getTime() + seconds * 1_000 : Date.parse(header);
  if (Number.isNaN(at)) return null;
  return new Date(Math.min(Math.max(at, now.getTime() + 1_000), now.getTime() + 86_400_000));
}
