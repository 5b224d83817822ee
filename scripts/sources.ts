import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..");

/** Paths from the repository's root. */
interface Parts {
  folders: readonly string[];
  files: readonly string[];
}

/** SHA-256 over the names and bytes of sources, in hex. Tests are left out, and so is a file that is not there. */
export async function hashOfSources(parts: Parts): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await listed(parts)) {
    const content = await readFile(join(root, file)).catch(() => undefined);
    if (content) hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Of everything that a record's figures, evidence and credential are made with: an auditor with the same sources has the same hash. */
export function hashOfCode(): Promise<string> {
  return hashOfSources({ folders: ["lib"], files: ["package-lock.json"] });
}

/** Sorted, so that the hash does not depend on the file system's order. */
async function listed({ folders, files }: Parts): Promise<string[]> {
  const found = [...files];
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
        found.push(relative(root, join(entry.parentPath, entry.name)));
    }
  }
  return found.sort();
}
