import { setTimeout as sleep } from "node:timers/promises";
import { addMeters, type Installation, startInstallation, untilWorkedOff } from "./installation";
import { type ProcessMemory, treeMemory } from "./process-tree";
import type { Result } from "./results";

const METERS = 100;
const DAYS = 30;
const SETTLE_MS = 30_000;
const SAMPLE_EVERY_MS = 500;

/**
 * Memory of all processes of the demo, npm and the simulators with it: idle after it has collected its own fleet's thirty days, and at
 * its highest while 100 meters are backfilled with 30 days of five-minute readings through the real processes.
 */
export async function memory(): Promise<Record<string, Result>> {
  const installation = await startInstallation(METERS);
  try {
    await untilWorkedOff(installation, 900_000);
    await sleep(SETTLE_MS);
    const idle = await treeMemory(...installation.roots);
    const startedAt = performance.now();
    const backfill = await highestWhile(installation, async () => {
      const startAt = new Date(Date.now() - DAYS * 86_400_000);
      await addMeters(installation, installation.devices, { interval: "P1D", startAt });
      await untilCollected(installation);
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return {
      "memory-idle": figure(idle, "at most 700", "npm run demo with its simulators, after its own backfill"),
      "memory-backfill": figure(backfill, "at most 1200", `highest in ${seconds} s`),
    };
  } finally {
    await installation.stop();
  }
}

/** The next minute's dispatch makes the tasks of jobs that are new: until then nothing is open. */
async function untilCollected(installation: Installation): Promise<void> {
  for (let isMade = false; !isMade; ) {
    await sleep(1_000);
    const answer = await installation.call("/jobs?limit=1000");
    const { items } = (await answer.json()) as { items: { latestTaskId: string | null }[] };
    isMade = items.every(({ latestTaskId }) => latestTaskId !== null);
  }
  await untilWorkedOff(installation, 900_000);
}

async function highestWhile({ roots }: Installation, work: () => Promise<void>): Promise<ProcessMemory[]> {
  let highest: ProcessMemory[] = [];
  let isDone = false;
  const watch = (async () => {
    while (!isDone) {
      const found = await treeMemory(...roots);
      if (sum(found) > sum(highest)) highest = found;
      await sleep(SAMPLE_EVERY_MS);
    }
  })();
  try {
    await work();
  } finally {
    isDone = true;
    await watch;
  }
  return highest;
}

const sum = (processes: readonly ProcessMemory[]) => processes.reduce((total, { megabytes }) => total + megabytes, 0);

function figure(processes: readonly ProcessMemory[], goal: string, what: string): Result {
  const byName = new Map<string, number>();
  for (const { command, megabytes } of processes) {
    const name = nameOf(command);
    byName.set(name, (byName.get(name) ?? 0) + megabytes);
  }
  const parts = [...byName].sort((a, b) => b[1] - a[1]).map(([name, megabytes]) => `${name} ${megabytes.toFixed(0)}`);
  return { value: sum(processes), unit: "MB", goal, note: `${what}; ${parts.join(", ")}` };
}

function nameOf(command: string): string {
  const known = ["next-server", "postgres", "local-server", "simulators", "launch.mjs", "npm"];
  return known.find((name) => command.includes(name)) ?? "other";
}
