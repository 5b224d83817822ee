import { useState } from "react";

/**
 * Rows of a list that is read again and again stay where they are: those shown get their new values in place, new ones wait until
 * `showNew`. `waiting` counts them, `left` those that are no longer in the list. Give the component a `key` of filter,
 * order and page, so that another list starts anew.
 */
export function useHeldRows<Row extends { id: string }>(rows: readonly Row[]) {
  const [held, setHeld] = useState(rows);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const heldIds = new Set(held.map((row) => row.id));
  // Nothing can jump in a list that was empty.
  const shown = held.length === 0 ? rows : held.map((row) => byId.get(row.id) ?? row);
  return {
    shown,
    waiting: held.length === 0 ? 0 : rows.filter((row) => !heldIds.has(row.id)).length,
    left: held.filter((row) => !byId.has(row.id)).length,
    showNew: () => setHeld(rows),
  };
}
