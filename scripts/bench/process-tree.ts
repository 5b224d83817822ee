import { readdir, readFile } from "node:fs/promises";

/** Linux clock ticks a second, as `getconf CLK_TCK` says on every platform Node supports. */
const TICKS = 100;

/** Memory and processor time of other processes are read from /proc, which only Linux has. */
export const canMeasureProcesses = process.platform === "linux";

interface ProcessStat {
  pid: number;
  parent: number;
  /** Processor time of itself and of children that have ended, in seconds. */
  cpuSeconds: number;
}

async function allProcesses(): Promise<ProcessStat[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.flatMap((text) => {
    // The name in parentheses may hold spaces: fields count from behind it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (text === "") return [];
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), cpuSeconds: ticks / TICKS };
  });
}

/** These processes and everything below them. */
async function processTree(roots: readonly number[]): Promise<ProcessStat[]> {
  const all = await allProcesses();
  const tree = all.filter(({ pid }) => roots.includes(pid));
  for (let index = 0; index < tree.length; index++) {
    tree.push(...all.filter(({ parent }) => parent === tree[index]?.pid));
  }
  return tree;
}

export async function treeCpuSeconds(...roots: number[]): Promise<number> {
  return (await processTree(roots)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

export interface ProcessMemory {
  pid: number;
  /** As it was started, or as it calls itself. */
  command: string;
  megabytes: number;
}

/**
 * Memory of every process of these trees: proportional set size, so that a page shared by several counts once in the sum.
 */
export async function treeMemory(...roots: number[]): Promise<ProcessMemory[]> {
  const tree = await processTree(roots);
  const found = await Promise.all(tree.map(({ pid }) => memoryOf(pid)));
  return found.flatMap((memory) => memory ?? []);
}

async function memoryOf(pid: number): Promise<ProcessMemory | undefined> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
    return { pid, command: command.replaceAll("\0", " ").trim(), megabytes: kilobytes / 1024 };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // It ended meanwhile. One that is there and cannot be read would be missing from the sum.
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw new Error(`The memory of process ${pid} cannot be read (${code}), so the sum would be wrong.`);
  }
}
