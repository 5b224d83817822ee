import type { z } from "zod";
import { InvalidInput, TooLarge } from "../errors";

export const DEFAULT_BODY_LIMIT_BYTES = 1_048_576;

/**
 * A query as the schema's fields want it: lists from repeated keys, numbers and booleans from their text. What cannot be
 * read is left as text, so that the schema refuses it by name. Unknown keys stay too.
 */
export function readQuery(schema: z.ZodObject, search: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    const field = schema.shape[key];
    const kind = field && kindOf(field);
    if (kind?.isList) query[key] = values.map((value) => readValue(kind.type, value));
    else if (values.length > 1) throw new InvalidInput(`${key}: Give this once.`, { [key]: "Give this once." });
    else query[key] = readValue(kind?.type, values[0] ?? "");
  }
  return query;
}

function readValue(type: string | undefined, text: string): unknown {
  if (type === "number" && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** The type below optional, default and the like. */
function kindOf(schema: z.core.$ZodType): { type: string; isList: boolean } {
  const def = schema._zod.def as {
    type: string;
    innerType?: z.core.$ZodType;
    in?: z.core.$ZodType;
    element?: z.core.$ZodType;
  };
  if (def.type === "array" && def.element) return { type: kindOf(def.element).type, isList: true };
  if (def.innerType) return kindOf(def.innerType);
  if (def.type === "pipe" && def.in) return kindOf(def.in);
  return { type: def.type, isList: false };
}

/** JSON of the body; undefined for an empty one. Throws TooLarge as soon as more than the limit has arrived. */
export async function readJson(request: Request, limitBytes = DEFAULT_BODY_LIMIT_BYTES): Promise<unknown> {
  const bytes = await readBytes(request, limitBytes);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new InvalidInput("The body is no valid JSON: send JSON, with Content-Type: application/json.");
  }
}

async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new TooLarge(`The body is larger than ${limitBytes.toLocaleString("en")} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limitBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}
