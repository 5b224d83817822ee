import type { Throttle } from "../registration/function-config";
import type { Tx } from "../store/transactions";

/**
 * Takes one start from a throttle that has one, by the generic cell rate algorithm: starts are spaced by
 * `period / limit`, and `burst` of them may be ahead of that pace. `full_at` is when the throttle would be at rest
 * again, `next_at` when it gives the next start. Returns whether that was the last one for now.
 */
export async function takeThrottleSlot(tx: Tx, key: string, throttle: Throttle): Promise<boolean> {
  const spacingMs = throttle.periodMs / throttle.limit;
  const aheadMs = spacingMs * throttle.burst;
  const [row] = await tx<{ is_spent: boolean }[]>`
    insert into throttle as known (key, full_at, next_at)
    values (
      ${key},
      now() + ${spacingMs}::float8 * interval '1 millisecond',
      now() + ${spacingMs - aheadMs}::float8 * interval '1 millisecond'
    )
    on conflict (key) do update set
      full_at = greatest(known.full_at, now()) + ${spacingMs}::float8 * interval '1 millisecond',
      next_at = greatest(known.full_at, now()) + ${spacingMs - aheadMs}::float8 * interval '1 millisecond'
    returning next_at > now() as is_spent`;
  return row?.is_spent ?? true;
}
