/** Calls of one key in this second and this UTC day, and the headers that tell about them. */
export interface RateLimits {
  /** Takes a call; `spent` names the limit that forbids it. A refused call is not counted. */
  take(key: string, deviceCount: number): { spent: "second" | "day" | undefined; headers: Record<string, string> };
  reset(): void;
}

interface Used {
  second: number;
  inSecond: number;
  day: number;
  inDay: number;
}

/** `limits` replaces what follows from the number of devices. */
export function createRateLimits(options: { now: () => number; perSecond?: number; perDay?: number }): RateLimits {
  const byKey = new Map<string, Used>();

  return {
    take(key, deviceCount) {
      const now = options.now();
      const second = Math.floor(now / 1000);
      const day = Math.floor(now / 86_400_000);
      const used = byKey.get(key) ?? { second, inSecond: 0, day, inDay: 0 };
      byKey.set(key, used);
      if (used.second !== second) Object.assign(used, { second, inSecond: 0 });
      if (used.day !== day) Object.assign(used, { day, inDay: 0 });
      const perSecond =
        options.perSecond ?? Math.max(5, Math.min(deviceCount, Math.max(50, Math.floor(deviceCount / 3))));
      const perDay = options.perDay ?? deviceCount * 3456;
      const spent = used.inDay >= perDay ? "day" : used.inSecond >= perSecond ? "second" : undefined;
      if (!spent) {
        used.inSecond += 1;
        used.inDay += 1;
      }
      const headers: Record<string, string> = {
        "X-RateLimit-TpsLimit": String(perSecond),
        "X-RateLimit-TpsRemaining": String(perSecond - used.inSecond),
        "X-RateLimit-TpsReset": (((second + 1) * 1000 - now) / 1000).toFixed(3),
        "X-RateLimit-TpdLimit": String(perDay),
        "X-RateLimit-TpdRemaining": String(perDay - used.inDay),
        "X-RateLimit-TpdReset": String(Math.ceil(((day + 1) * 86_400_000 - now) / 1000)),
      };
      return { spent, headers };
    },
    reset: () => byKey.clear(),
  };
}
