import { noSuchKey, notImplemented, preconditionFailed, S3Problem } from "./problem";
import type { SimulatedObject } from "./store";

type Headers = Record<string, string | undefined>;

/** Throws where a write's `If-None-Match` or `If-Match` does not hold for what is there. */
export function assertWritable(headers: Headers, key: string, present: SimulatedObject | undefined): void {
  const none = headers["if-none-match"];
  if (none !== undefined && none !== "*") throw notImplemented("If-None-Match with an ETag on writes");
  if (none === "*" && present) throw preconditionFailed("If-None-Match");
  const match = headers["if-match"];
  if (match === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!names(match, present.etag)) throw preconditionFailed("If-Match");
}

/** Throws where a read's conditions do not hold; 304 is thrown too, since it ends the request the same way. */
export function assertReadable(headers: Headers, object: SimulatedObject): void {
  const match = headers["if-match"];
  if (match !== undefined && !names(match, object.etag)) throw preconditionFailed("If-Match");
  const none = headers["if-none-match"];
  if (none !== undefined && names(none, object.etag)) throw new S3Problem(304, "NotModified", "Not Modified");
  const changed = Math.floor(Date.parse(object.lastModified) / 1000) * 1000;
  const since = headers["if-modified-since"];
  if (none === undefined && since !== undefined && changed <= Date.parse(since)) {
    throw new S3Problem(304, "NotModified", "Not Modified");
  }
  const until = headers["if-unmodified-since"];
  if (match === undefined && until !== undefined && changed > Date.parse(until)) {
    throw preconditionFailed("If-Unmodified-Since");
  }
}

function names(header: string, etag: string): boolean {
  return header.split(",").some((each) => each.trim() === "*" || each.trim().replaceAll('"', "") === etag);
}

/** Bytes `[from, to)` of a `Range` header; undefined where there is none, or one that S3 ignores. */
export function rangeOf(header: string | undefined, sizeBytes: number): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const from = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const to = first === "" || last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (from >= to) {
    throw new S3Problem(
      416,
      "InvalidRange",
      "The requested range is not satisfiable",
      {},
      {
        "content-range": `bytes */${sizeBytes}`,
      },
    );
  }
  return { from, to };
}
