import { ArchiveError } from "./archive";

/** S3's limit for a whole key, and the limit of a name on usual file systems; a key must work on both. */
const MAX_KEY_LENGTH = 900;
const MAX_SEGMENT_LENGTH = 200;
const SEGMENT = /^[A-Za-z0-9._=-]+$/;

/** The key has a form that not every archive can hold, or that would lead out of the archive. */
export class InvalidKey extends ArchiveError {}

/** Throws InvalidKey unless the key is `/`-separated segments of `[A-Za-z0-9._=-]`, none of them `.` or `..`. */
export function assertKey(key: string): void {
  const problem =
    key.length > MAX_KEY_LENGTH ? `is longer than ${MAX_KEY_LENGTH} characters` : problemOf(key.split("/"));
  if (problem) throw new InvalidKey(`The archive key ${shown(key)} ${problem}.`);
}

/** A prefix is the beginning of a key: its last segment may be cut anywhere, also to nothing. */
export function assertPrefix(prefix: string): void {
  const segments = prefix.split("/");
  const last = segments.pop() ?? "";
  const problem = problemOf(segments) ?? (last === "" ? undefined : problemOf([last]));
  if (problem) throw new InvalidKey(`The archive prefix ${shown(prefix)} ${problem}.`);
}

function problemOf(segments: string[]): string | undefined {
  for (const segment of segments) {
    if (segment === "") return "has an empty segment or a slash at an end";
    if (segment === "." || segment === "..") return "leads out of its place";
    if (segment.length > MAX_SEGMENT_LENGTH) return `has a segment of more than ${MAX_SEGMENT_LENGTH} characters`;
    if (!SEGMENT.test(segment)) return "may only hold letters, digits, `.`, `_`, `=`, `-` and `/`";
  }
  return undefined;
}

function shown(key: string): string {
  return JSON.stringify(key.length > 120 ? `${key.slice(0, 120)}…` : key);
}
