import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root, runProgram } from "./run-program";

/** Whether the migrations say what the schema says: generating from a copy of them must give nothing new. */
export async function schemaDrift(): Promise<{ code: number; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), "meterproof-drift-"));
  try {
    await cp(join(root, "drizzle"), folder, { recursive: true });
    const before = new Set(await readdir(folder));
    const out = relative(root, folder);
    const args = ["generate", "--dialect", "postgresql", "--schema", "./lib/db/schema/*.ts", "--out", out];
    const { code, output } = await runProgram("drizzleKit", args);
    const added = (await readdir(folder)).filter((name) => name.endsWith(".sql") && !before.has(name));
    if (code !== 0) return { code, output };
    if (added.length === 0) return { code: 0, output };
    const statements = await Promise.all(added.map((name) => readFile(join(folder, name), "utf8")));
    const advice =
      "The schema has changes without a migration: `npx drizzle-kit generate --name what-and-why` makes it.";
    return { code: 1, output: `${advice}\n\n${statements.join("\n")}\n` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
