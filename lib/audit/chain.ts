import { sha256Hex } from "../secrets";

/** `previousHash` of the first row. */
export const GENESIS_HASH = "0".repeat(64);

/** Everything of an audit row that its hash covers. `at` has milliseconds, no finer. */
export interface ChainedRow {
  seq: number;
  at: Date;
  actorKind: string;
  actorId: string;
  actorName: string;
  action: string;
  objectType: string;
  objectId: string;
  meterId: string | null;
  details: unknown;
  previousHash: string;
}

/** SHA-256, lower-case hex, of the row's canonical JSON. */
export function hashOfRow(row: ChainedRow): string {
  return sha256Hex(
    canonicalJson({
      seq: row.seq,
      at: row.at.toISOString(),
      actorKind: row.actorKind,
      actorId: row.actorId,
      actorName: row.actorName,
      action: row.action,
      objectType: row.objectType,
      objectId: row.objectId,
      meterId: row.meterId,
      details: row.details,
      previousHash: row.previousHash,
    }),
  );
}

/** JSON without white space and with sorted keys: PostgreSQL's jsonb does not keep the order of keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/**
 * What jsonb gives back for this value: no `undefined`, instants as text, and no NUL or lone surrogates, which it
 * refuses.
 */
export function asStoredJson(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value), (_key, entry: unknown) =>
    typeof entry === "string" ? storableText(entry) : entry,
  );
}

/** PostgreSQL's text holds neither NUL nor lone surrogates: each becomes U+FFFD. */
export function storableText(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}
