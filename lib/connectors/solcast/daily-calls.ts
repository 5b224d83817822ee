import type { QuotaLimit } from "../contract";
import type { SolcastSettings } from "./settings";

/** The vendor tells no limits in its answers: what the account allows is what the settings say. */
export function dailyCalls(key: string, { dailyCalls: limit }: SolcastSettings): QuotaLimit[] {
  return [{ window: "day", limit, isDeclared: true, pauseAfterResetSeconds: pauseAfterReset(key) }];
}

/** Everybody's day begins at 00:00 UTC: 3 to 12 minutes later, by the key, the vendor is not busy with all of them. */
export function pauseAfterReset(key: string): number {
  let hash = 0;
  for (const letter of key) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return 180 + (hash % 540);
}
