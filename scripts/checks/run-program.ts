import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Programs of packages, started with this Node and not by a name on the PATH. */
export const programs = {
  tsc: "node_modules/typescript/bin/tsc",
  next: "node_modules/next/dist/bin/next",
  biome: "node_modules/@biomejs/biome/bin/biome",
  knip: "node_modules/knip/bin/knip.js",
  drizzleKit: "node_modules/drizzle-kit/bin.cjs",
  vitest: "node_modules/vitest/vitest.mjs",
  playwright: "node_modules/@playwright/test/cli.js",
} as const;

/** The environment of checks and tests: one that builds nothing for production, whatever the caller's says. */
export function testEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_ENV: _ours, ...rest } = process.env;
  return { ...rest, ...extra } as NodeJS.ProcessEnv;
}

/** Runs to the end with the output shown as it comes, or collected. */
export async function runProgram(
  program: keyof typeof programs,
  args: string[],
  options: { isQuiet: boolean; env?: NodeJS.ProcessEnv } = { isQuiet: true },
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, programs[program]), ...args], {
    cwd: root,
    env: options.env ?? testEnvironment(),
    stdio: options.isQuiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const [code] = await once(child, "close");
  return { code: code ?? 1, output: Buffer.concat(output).toString("utf8") };
}
