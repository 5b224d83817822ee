import { z } from "zod";
import { parseJson } from "../json-body";
import { SourceError } from "../source-error";

/** The lists of a body, rows as sent. An API answer has one of them; a file may hold both. */
export interface SolcastLists {
  estimated_actuals?: unknown[];
  forecasts?: unknown[];
}

const lists = z
  .object({ estimated_actuals: z.array(z.unknown()).optional(), forecasts: z.array(z.unknown()).optional() })
  .refine((body) => body.estimated_actuals !== undefined || body.forecasts !== undefined);

/** Throws SourceError when the body as a whole is something else: an error that came with a 200, a page, half a body. */
export function readLists(bytes: Uint8Array, name: string, isRetryable: boolean): SolcastLists {
  assertNoTable(bytes, name, isRetryable);
  const parsed = lists.safeParse(parseJson(bytes, name, isRetryable));
  if (parsed.success) return parsed.data;
  throw new SourceError(
    "NOT_SOLCAST_DATA",
    `${name} is JSON, but no Solcast data: it has neither a list estimated_actuals nor a list forecasts.`,
    { isRetryable, cause: parsed.error },
  );
}

/** The vendor's CSV has the rows without the name of their list: whether it was estimated or forecast nobody knows. */
function assertNoTable(bytes: Uint8Array, name: string, isRetryable: boolean): void {
  const [header = ""] = Buffer.from(bytes.subarray(0, 1_000))
    .toString("utf8")
    .split(/[\r\n]/);
  if (!/^[\uFEFF"\w,; -]+$/.test(header) || !/period_?end/i.test(header)) return;
  const why = "so it does not say whether its rows are estimated actuals or forecasts";
  const what = "Ask Solcast for the same with format=json, and supply that file";
  throw new SourceError("NOT_JSON", `${name} is a table (CSV), ${why}. ${what}.`, { isRetryable });
}

/** The bounds of a row's period in Unix seconds, or the reason why it has none. `period_end` is the END, in UTC. */
export function periodOf(row: Record<string, unknown>): { start: number; seconds: number } | string {
  const { period_end: end, period } = row;
  const stamp = typeof end === "string" ? STAMP.exec(end) : null;
  const endMilliseconds = stamp ? Date.parse(`${stamp[1]}Z`) : Number.NaN;
  if (Number.isNaN(endMilliseconds)) {
    return `Its period_end ${shown(end)} is no instant in whole seconds UTC, such as 2026-11-01T12:30:00.0000000Z.`;
  }
  const length = typeof period === "string" ? PERIOD.exec(period) : null;
  const minutes = Number(length?.[1] ?? 0) * 60 + Number(length?.[2] ?? 0);
  if (minutes < 5 || minutes > 60) return `Its period ${shown(period)} is none of PT5M to PT60M.`;
  const start = endMilliseconds / 1000 - minutes * 60;
  if (start % 300 !== 0) return `Its period_end ${shown(end)} is not on a five-minute mark.`;
  return { start, seconds: minutes * 60 };
}

/** Seven decimals as a rule, always zeros. Without a Z or an offset of nothing nobody knows which instant is meant. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.0{1,9})?(?:Z|\+00:00)$/;
const PERIOD = /^PT(?:(\d)H)?(?:(\d{1,2})M)?$/;

function shown(value: unknown): string {
  return value === undefined ? "(missing)" : (JSON.stringify(value) ?? "").slice(0, 60);
}
