import { listAll } from "./list-matching";
import { matchKey } from "./match-key";
import type { S3Object, S3Source } from "./source";

/** Ten pages: a person waits for the answer. */
export const MAX_LISTED = 10_000;

/** The objects under the prefix, whatever their dates: how many there are and fit the pattern, the newest that fits, and one that does not. */
export async function newestObject(source: S3Source) {
  let listed = 0;
  let fitting = 0;
  let newest: S3Object | undefined;
  let misfit: S3Object | undefined;
  for await (const object of listAll(source, source.prefix)) {
    if (listed === MAX_LISTED) break;
    listed += 1;
    if (!matchKey(source.pattern.parts, object.key.slice(source.prefix.length), () => true)) misfit = object;
    else {
      fitting += 1;
      if (!newest || object.lastModified > newest.lastModified) newest = object;
    }
  }
  return { listed, fitting, newest, misfit };
}
