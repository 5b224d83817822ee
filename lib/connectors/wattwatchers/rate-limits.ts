import type { QuotaLimit } from "../contract";

/**
 * Before the vendor has said anything: the smallest account. The limits grow with the number of devices behind the key
 * (at least 5 calls a second, 3,456 a day for each device), which a key does not tell; the headers of each answer do.
 */
export const startingLimits: QuotaLimit[] = [
  { window: "second", limit: 5 },
  { window: "day", limit: 3456 },
];

/** `X-RateLimit-{Tps,Tpd}{Limit,Remaining,Reset}`; a window without a readable limit is left out. */
export function readRateLimits(headers: Headers): QuotaLimit[] {
  const date = Date.parse(headers.get("date") ?? "");
  const now = new Date(Number.isNaN(date) ? Date.now() : date);
  const limits: QuotaLimit[] = [];
  for (const [window, name] of [
    ["second", "tps"],
    ["day", "tpd"],
  ] as const) {
    const limit = wholeNumber(headers.get(`x-ratelimit-${name}limit`));
    if (limit === undefined || limit < 1) continue;
    limits.push({
      window,
      limit,
      remaining: wholeNumber(headers.get(`x-ratelimit-${name}remaining`)),
      resetAt: resetAfter(headers.get(`x-ratelimit-${name}reset`), now),
    });
  }
  return limits;
}

/** Resets are seconds from now (with a fraction for the second's); a figure as large as an epoch is read as one, in ms too. */
export function resetAfter(value: string | null, now: Date): Date | undefined {
  if (value === null || !/^\d+(\.\d+)?$/.test(value.trim())) return undefined;
  const seconds = Number(value);
  if (seconds > 100_000_000_000) return new Date(seconds);
  return new Date(seconds > 1_000_000_000 ? seconds * 1000 : now.getTime() + Math.ceil(seconds * 1000));
}

function wholeNumber(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}
