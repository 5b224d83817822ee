import { readdir, readFile } from "node:fs/promises";

/** Linux clock ticks a second, as `getconf CLK_TCK` says on every platform Node supports. */
const TICKS = 100;

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

/** A process and everything below it. */
export async function processTree(root: number): Promise<ProcessStat[]> {
  const all = await allProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (let index = 0; index < tree.length; index++) {
    tree.push(...all.filter(({ parent }) => parent === tree[index]?.pid));
  }
  return tree;
}

export async function treeCpuSeconds(root: number): Promise<number> {
  return (await processTree(root)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Memory of a process tree in MB: proportional set size, so that pages shared by several are counted once. */
export async function treeMemoryMb(root: number): Promise<number> {
  const tree = await processTree(root);
  const rollups = await Promise.all(
    tree.map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "")),
  );
  const kilobytes = rollups.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0), 0);
  return kilobytes / 1024;
}
