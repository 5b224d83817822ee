import { invalidArgument } from "./problem";
import type { SimulatedObject } from "./store";
import { element, parent, root } from "./xml";

const MAX_KEYS = 1000;

/** ListObjectsV2: keys in the order of their UTF-8 bytes, those with a common beginning up to the delimiter as one entry. */
export function listObjects(bucket: string, objects: readonly SimulatedObject[], query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = readMaxKeys(query.get("max-keys"));
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : readToken(token);
  const encodingType = query.get("encoding-type");
  if (encodingType !== null && encodingType !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request");
  const encode = encodingType === "url" ? (text: string) => encodeURIComponent(text).replaceAll("%2F", "/") : String;

  const entries = entriesOf(objects, prefix, delimiter).filter((entry) => isAfter(entry, after));
  const page = entries.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = entries.length > page.length && last !== undefined;
  return root("ListBucketResult", [
    element("Name", bucket),
    element("Prefix", encode(prefix)),
    ...(delimiter === "" ? [] : [element("Delimiter", encode(delimiter))]),
    ...(encodingType === null ? [] : [element("EncodingType", encodingType)]),
    ...(token === null ? [] : [element("ContinuationToken", token)]),
    element("MaxKeys", maxKeys),
    element("KeyCount", page.length),
    element("IsTruncated", isTruncated),
    ...(isTruncated ? [element("NextContinuationToken", tokenOf(last))] : []),
    ...page.flatMap((entry) => (entry.object ? [contentsOf(entry.object, encode)] : [])),
    ...page.flatMap((entry) =>
      entry.object ? [] : [parent("CommonPrefixes", [element("Prefix", encode(entry.name))])],
    ),
  ]);
}

/** An object, or all those under one common prefix (`object` absent). */
interface Entry {
  name: string;
  object?: SimulatedObject;
}

function entriesOf(objects: readonly SimulatedObject[], prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    entries.set(name, end < 0 ? { name, object } : { name });
  }
  return [...entries.values()].sort((a, b) => compareBytes(a.name, b.name));
}

/** A common prefix that a `start-after` lies in still has keys after it. */
function isAfter(entry: Entry, after: string): boolean {
  if (after === "") return true;
  if (!entry.object && after.startsWith(entry.name) && after !== entry.name) return true;
  return compareBytes(entry.name, after) > 0;
}

function contentsOf(object: SimulatedObject, encode: (text: string) => string): string {
  return parent("Contents", [
    element("Key", encode(object.key)),
    element("LastModified", object.lastModified),
    element("ETag", `"${object.etag}"`),
    element("Size", object.sizeBytes),
    element("StorageClass", "STANDARD"),
  ]);
}

function readMaxKeys(text: string | null): number {
  if (text === null) return MAX_KEYS;
  if (!/^\d+$/.test(text)) throw invalidArgument("Provided max-keys not an integer or within integer range");
  return Math.min(Number(text), MAX_KEYS);
}

function tokenOf(entry: Entry): string {
  return Buffer.from(`after:${entry.name}`).toString("base64");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith("after:")) throw invalidArgument("The continuation token provided is incorrect");
  return text.slice("after:".length);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
