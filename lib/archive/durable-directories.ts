import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** How many directories are remembered as durable before the memory is emptied; each costs about 150 bytes. */
const REMEMBERED = 20_000;

/**
 * Makes names in directories survive a power cut. A directory's fsync is shared: those who ask while one is running all
 * get the next one, so that many writers into one directory cost two fsyncs, not one each.
 */
export class DurableDirectories {
  private readonly durable = new Map<string, Promise<void>>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly next = new Map<string, Promise<void>>();

  /** `top` is the directory that all others are under; it is created with what leads to it. */
  constructor(private readonly top: string) {}

  /**
   * Creates the directory and those above it, up to `top`, and makes their names durable. Done once for each directory
   * by each process, also where it exists: who created it may not have come to its fsync.
   */
  ensure(directory: string): Promise<void> {
    const known = this.durable.get(directory);
    if (known) return known;
    if (this.durable.size >= REMEMBERED) this.durable.clear();
    const making = this.make(directory);
    this.durable.set(directory, making);
    making.catch(() => this.forget(directory));
    return making;
  }

  /** For a directory that turned out to be missing. */
  forget(directory: string): void {
    for (let at = directory; at.startsWith(this.top); at = dirname(at)) this.durable.delete(at);
  }

  /** All names that were in the directory before the call are durable after it. */
  sync(directory: string): Promise<void> {
    const waiting = this.next.get(directory);
    if (waiting) return waiting;
    const turn = this.takeTurn(directory);
    this.next.set(directory, turn);
    return turn;
  }

  private async takeTurn(directory: string): Promise<void> {
    const before = this.running.get(directory);
    if (before) await Promise.allSettled([before]);
    else await Promise.resolve();
    this.next.delete(directory);
    const now = fsyncDirectory(directory);
    this.running.set(directory, now);
    try {
      await now;
    } finally {
      if (this.running.get(directory) === now) this.running.delete(directory);
    }
  }

  private async make(directory: string): Promise<void> {
    if (directory === this.top) {
      const first = await mkdir(directory, { recursive: true });
      if (!first) return;
      for (let at = directory; at.length >= first.length; at = dirname(at)) await this.sync(dirname(at));
      return;
    }
    await this.ensure(dirname(directory));
    await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await this.sync(dirname(directory));
  }
}

async function fsyncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
