import { z } from "zod";
import { InvalidInput } from "../errors";
import { assertStorable } from "../field-errors";

/**
 * Keyset cursors: the sort key of the last row of a page, opaque to the client. A list is read as
 * `where (name, id) > (cursor) order by name, id limit limit + 1` and answered with `page(rows, limit, keyOf)`.
 */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** Throws InvalidInput unless the text is a cursor of this shape: `decodeCursor(text, z.tuple([z.string(), z.uuid()]))`. */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  const sentence = "This cursor is not one this list gave: start again without it.";
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    assertStorable(value);
  } catch {
    throw new InvalidInput(sentence, { cursor: sentence });
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new InvalidInput(sentence, { cursor: sentence });
  return parsed.data;
}

/** The two query fields of every list. Spread them: `z.object({ ...pageQuery, state: … })`. */
export const pageQuery = {
  cursor: z.string().max(1_000).optional().meta({ description: "`nextCursor` of the page before." }),
  limit: z.number().int().min(1).max(1_000).default(100).meta({ description: "Rows of a page, at most 1000." }),
};

export interface Page<T> {
  items: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** Cuts the one row too many that was read to know whether a page follows. */
export function page<Row, T = Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null;
  return { items: shown.map(toItem), nextCursor };
}

/** Schema of a list's answer. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
