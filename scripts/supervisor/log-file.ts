import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const KEPT = 4;

/** `app.log` becomes `app.1.log`, and so on; the oldest goes. Done at each start, so one file is one start. */
export function rotateLog(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (age: number) => join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  rmSync(file(KEPT), { force: true });
  for (let age = KEPT - 1; age >= 0; age -= 1) {
    if (existsSync(file(age))) renameSync(file(age), file(age + 1));
  }
  return file(0);
}

/** A child's output: everything to its file up to a limit, and the last lines kept for the sentence when it dies. */
export class LogFile {
  readonly #descriptor: number;
  #bytes = 0;
  #partial = "";
  readonly lastLines: string[] = [];

  constructor(
    readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.#descriptor = openSync(path, "a", 0o600);
  }

  write(chunk: Buffer): void {
    this.#keep(chunk);
    const lines = (this.#partial + chunk.toString("utf8")).split("\n");
    this.#partial = (lines.pop() ?? "").slice(-4_000);
    for (const line of lines) {
      if (line.trim() === "") continue;
      this.lastLines.push(line);
      if (this.lastLines.length > 20) this.lastLines.shift();
      this.onLine(line);
    }
  }

  #keep(chunk: Buffer) {
    // A process that writes without end must not fill the disk: its newest start is worth 64 MB.
    if (this.#bytes > 64 * 1024 * 1024) return;
    this.#bytes += chunk.length;
    try {
      writeSync(this.#descriptor, chunk);
    } catch (error) {
      // A full disk must not take down what could still run without its log; say so, once.
      this.#bytes = Number.POSITIVE_INFINITY;
      process.stderr.write(
        `${this.path} cannot be written any more: ${error instanceof Error ? error.message : error}\n`,
      );
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The short form of a log line worth the terminal (level error and above), or undefined. */
export function shortFormOf(line: string): string | undefined {
  if (!line.startsWith("{")) return /^\s*(⨯|Error:)/.test(line) ? line.trim().slice(0, 200) : undefined;
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; message?: unknown };
    const isError = entry.level === "error" || entry.level === "fatal" || Number(entry.level) >= 50;
    return isError ? String(entry.msg ?? entry.message ?? "error").slice(0, 200) : undefined;
  } catch {
    // Not JSON after all: the file has it.
    return undefined;
  }
}
