import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dueToVisible } from "./due-to-visible";
import { etlVsCopy } from "./etl-vs-copy";
import { memory } from "./memory";
import { mrvRecordsAndQueue } from "./mrv-records";
import { parseCsv, parseGreenButton, parseNem12, parseWattwatchers } from "./parsers";
import { canMeasureProcesses } from "./process-tree";
import { readYear } from "./read-year";
import type { Result } from "./results";
import { signVsJsonld } from "./sign-vs-jsonld";
import { tasksPerSecond } from "./tasks-per-second";

/** `npm run bench [figure…]`: measures, prints a table and keeps the figures in `bench-results.json`. */
interface Bench {
  figures: string[];
  measure(): Promise<Record<string, Result>>;
  /** Why it cannot be measured here. */
  obstacle?: string;
}

type Figures = Record<string, Omit<Result, "note">>;

const noMemory = "the memory of other processes is read from /proc, which only Linux has";

const benches: Bench[] = [
  { figures: ["etl-vs-copy"], measure: etlVsCopy },
  { figures: ["tasks-per-second"], measure: tasksPerSecond },
  { figures: ["read-meter-year", "read-fleet-year", "read-stream-memory", "factor-use"], measure: readYear },
  {
    figures: ["memory-idle", "memory-backfill"],
    measure: memory,
    obstacle: canMeasureProcesses ? undefined : noMemory,
  },
  { figures: ["due-to-visible-p95"], measure: dueToVisible },
  { figures: ["parse-nem12"], measure: parseNem12 },
  { figures: ["parse-csv"], measure: parseCsv },
  { figures: ["parse-green-button"], measure: parseGreenButton },
  { figures: ["parse-wattwatchers"], measure: parseWattwatchers },
  { figures: ["sign-vs-jsonld"], measure: signVsJsonld },
  { figures: ["mrv-records", "queue-next-p95"], measure: mrvRecordsAndQueue },
];

const FILE = "bench-results.json";

const asked = process.argv.slice(2);
const known = benches.flatMap(({ figures }) => figures);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}. There are: ${known.join(", ")}.\n`);
  process.exit(1);
}

process.stdout.write(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()})\n`);
for (const { figures, measure, obstacle } of benches) {
  if (asked.length > 0 && !figures.some((figure) => asked.includes(figure))) continue;
  if (obstacle) {
    process.stdout.write(`${figures.join(", ")}: not measured, because ${obstacle}.\n`);
    continue;
  }
  const measured: Figures = {};
  for (const [figure, { value, unit, goal, note }] of Object.entries(await measure())) {
    const rounded = Number(value.toPrecision(3));
    measured[figure] = { value: rounded, unit, goal };
    process.stdout.write(`${figure.padEnd(20)} ${String(rounded).padStart(8)} ${unit.padEnd(8)} ${goal}\n`);
    if (note) process.stdout.write(`${"".padEnd(20)} ${note}\n`);
  }
  await keep(measured);
}

/** After each bench, so that one that fails loses no figure of another; figures that were not measured stay as they are. */
async function keep(measured: Figures): Promise<void> {
  const kept: Figures = JSON.parse(await readFile(FILE, "utf8").catch(() => "{}"));
  await writeFile(FILE, `${JSON.stringify({ ...kept, ...measured }, null, 2)}\n`);
}
