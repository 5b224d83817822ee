import { z } from "zod";
import { NotFound } from "@/lib/errors";

/** What an address gives as an id; undefined where it is none, so that nothing is looked up. */
export function uuidOf(text: string | null): string | undefined {
  return text !== null && z.uuid().safeParse(text).success ? text : undefined;
}

/** For what an address names and a page can do without. */
export function nullIfNotFound(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}
