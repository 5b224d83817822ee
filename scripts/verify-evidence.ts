import { resolve } from "node:path";
import { codeVersionOf } from "../lib/mrv/evidence/code-version";
import { NoBundle, verifyBundle } from "../lib/mrv/evidence/verification/verify-bundle";
import { hashOfCode } from "./sources";
import { reportLines } from "./verify-evidence/report-lines";

// `npm run verify-evidence -- BUNDLE [--json]`: needs no database, no archive, no network and no secret. Ends with 0 where all is equal, 1 otherwise.
const USAGE = "Name the bundle: npm run verify-evidence -- BUNDLE.zip [--json]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes("--json");
  const [path, ...others] = args.filter((arg) => arg !== "--json");
  if (path === undefined || others.length > 0 || path.startsWith("-")) return fail(USAGE);
  try {
    // Commands run in the repository; a path is where the person stands.
    const file = resolve(process.env.INIT_CWD ?? process.env.PWD ?? ".", path);
    const report = await verifyBundle(file, codeVersionOf(await hashOfCode()));
    process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : reportLines(report).join("\n"));
    return report.isEqual ? 0 : 1;
  } catch (error) {
    if (error instanceof NoBundle) return fail(error.message);
    throw error;
  }
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
