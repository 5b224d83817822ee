import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { etlVsCopy } from "./etl-vs-copy";
import type { Result } from "./results";
import { tasksPerSecond } from "./tasks-per-second";

/** `npm run bench [name…]`: measures, prints a table and keeps the figures in `bench-results.json`. */
const benches: Record<string, () => Promise<Record<string, Result>>> = {
  "etl-vs-copy": etlVsCopy,
  "tasks-per-second": tasksPerSecond,
};

const FILE = "bench-results.json";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.\n`);
  process.exit(1);
}

process.stdout.write(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()})\n`);
// Figures of benches that were not asked for stay.
const kept: Record<string, Omit<Result, "note">> = JSON.parse(await readFile(FILE, "utf8").catch(() => "{}"));
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const [figure, { value, unit, goal, note }] of Object.entries(await bench())) {
    const rounded = Number(value.toPrecision(3));
    kept[figure] = { value: rounded, unit, goal };
    process.stdout.write(`${figure.padEnd(20)} ${String(rounded).padStart(8)} ${unit.padEnd(8)} ${goal}\n`);
    if (note) process.stdout.write(`${"".padEnd(20)} ${note}\n`);
  }
}
await writeFile(FILE, `${JSON.stringify(kept, null, 2)}\n`);
