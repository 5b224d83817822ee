import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run-program";

interface Locked {
  optionalDependencies?: Record<string, string>;
}

/**
 * Whether package-lock.json names the packages of every platform. An npm that could not look one up leaves it out without a
 * word, and from then on `npm ci` refuses the file everywhere.
 */
export async function lockFileCompleteness(): Promise<{ code: number; output: string }> {
  const text = await readFile(join(root, "package-lock.json"), "utf8");
  const missing = missingFromLock((JSON.parse(text) as { packages: Record<string, Locked> }).packages);
  if (missing.length === 0) return { code: 0, output: "" };
  return {
    code: 1,
    output: `package-lock.json leaves out ${missing.join(", ")}: put back their entries (version, os, cpu, "optional": true) from an earlier commit.`,
  };
}

export function missingFromLock(packages: Record<string, Locked>): string[] {
  const missing = new Set<string>();
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
        missing.add(`${name}@${version}`);
    }
  }
  return [...missing];
}

/** Where Node looks for what a package needs, nearest first: `node_modules/a/`, then the root. */
function foldersAbove(path: string): string[] {
  const folders = [path === "" ? "" : `${path}/`];
  for (let at = path.lastIndexOf("node_modules/"); at >= 0; at = path.lastIndexOf("node_modules/", at - 1)) {
    folders.push(path.slice(0, at));
    if (at === 0) break;
  }
  return folders;
}
