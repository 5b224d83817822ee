import { spawnSync } from "node:child_process";

export interface Check {
  name: string;
  command: readonly [string, ...string[]];
}

/** What `npm run verify` runs, and `npm test` before its suites. */
export const checks: readonly Check[] = [
  { name: "Types", command: ["tsc", "--noEmit", "-p", "."] },
  { name: "Style and directions", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "Migrations", command: ["drizzle-kit", "check"] },
];

/** Runs a program of `node_modules/.bin` with its output shown, and says whether it succeeded. */
export function runTool(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv = process.env): boolean {
  const [tool, ...args] = command;
  const done = spawnSync(`node_modules/.bin/${tool}`, args, { stdio: ["ignore", "inherit", "inherit"], env });
  if (done.error) throw done.error;
  return done.status === 0;
}

/** Runs every check, also after one failed, and gives the names of those that did. */
export function runChecks(): string[] {
  return checks
    .filter(({ name, command }) => {
      process.stdout.write(`\n── ${name}\n`);
      return !runTool(command);
    })
    .map(({ name }) => name);
}
