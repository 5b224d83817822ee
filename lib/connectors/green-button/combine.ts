import type { Reading } from "../contract";
import { worst } from "../worst-quality";
import type { Slot } from "./choose";
import type { Part } from "./parts";

/** By name: every slot of the meter with its intervals by their start. */
export type Slots = Map<string, Slot & { parts: Map<number, Part> }>;

/**
 * Readings of the meter. A direction is the sum of its slots; a sum in which one is missing is null, never too small. A direction without
 * any slot counts as 0 in the net, and its own metric is null.
 */
export function readingsOf(slots: Slots, reject: (startEpochSeconds: number, reason: string) => void): Reading[] {
  const all = [...slots.values()];
  const sumOf = (isReactive: boolean, direction: Slot["direction"]) => {
    const own = all.filter((slot) => slot.isReactive === isReactive && slot.direction === direction);
    return own.length === 0 ? undefined : (start: number) => sum(own.map(({ parts }) => parts.get(start)));
  };
  const active = { taken: sumOf(false, "taken"), sent: sumOf(false, "sent"), net: sumOf(false, "net") };
  const reactive = { taken: sumOf(true, "taken"), sent: sumOf(true, "sent"), net: sumOf(true, "net") };
  const starts = new Set(all.flatMap(({ parts }) => [...parts.keys()]));
  const readings: Reading[] = [];
  for (const start of [...starts].sort((a, b) => a - b)) {
    const parts = all.flatMap((slot) => slot.parts.get(start) ?? []);
    const [first] = parts;
    if (!first) continue;
    if (parts.some(({ seconds }) => seconds !== first.seconds)) {
      reject(start, `Its parts last unlike long: ${parts.map(({ seconds }) => `${seconds} s`).join(", ")}.`);
      continue;
    }
    readings.push({
      startEpochSeconds: start,
      durationSeconds: first.seconds,
      quality: worst(parts.map(({ quality }) => quality)),
      eRealKwh: net(active, start),
      eRealPositiveKwh: active.taken?.(start) ?? null,
      eRealNegativeKwh: active.sent?.(start) ?? null,
      eReactiveKvarh: net(reactive, start),
    });
  }
  return readings.filter(hasValue);
}

type Sum = ((start: number) => number | null) | undefined;

function sum(parts: readonly (Part | undefined)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (!part) return null;
    total += part.value;
  }
  return total;
}

function net({ taken, sent, net: own }: { taken: Sum; sent: Sum; net: Sum }, start: number): number | null {
  if (!taken && !sent) return own?.(start) ?? null;
  const plus = taken ? taken(start) : 0;
  const minus = sent ? sent(start) : 0;
  return plus === null || minus === null ? null : plus - minus;
}

function hasValue(reading: Reading): boolean {
  const { eRealKwh, eRealPositiveKwh, eRealNegativeKwh, eReactiveKvarh } = reading;
  return [eRealKwh, eRealPositiveKwh, eRealNegativeKwh, eReactiveKvarh].some((value) => value !== null);
}
