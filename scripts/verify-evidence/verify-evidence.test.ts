import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { enrol } from "../../e2e/simulators/guardian/testing";
import { testDatabase } from "../../lib/db/testing";
import { newId } from "../../lib/ids";
import { aSubmittedRecord, bundleOf } from "../../lib/mrv/evidence/testing";
import { aDay, sources } from "../../lib/mrv/evidence/testing-sources";

const database = testDatabase();
const root = new URL("../..", import.meta.url).pathname;
let folder: string;
let bundle: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(process.env.TEST_FOLDER ?? tmpdir(), "verify-"));
  bundle = await bundleOf(
    await aSubmittedRecord(database.db, { from: await enrol({}, newId()), bounds: aDay, ...sources.NEM12() }),
  );
});

/** The command in a process of its own, that stands in the folder and has nothing of an installation around it. */
function command(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { PATH, HOME } = process.env;
  const env = { NODE_ENV: "test" as const, PATH, HOME, INIT_CWD: folder };
  const child = spawn(process.execPath, ["scripts/launch.mjs", "verify-evidence", ...args], { cwd: root, env });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

// Each starts a process or three, which take their time on a busy machine.
describe("npm run verify-evidence", { timeout: 180_000 }, () => {
  it("says of each step what it found, and EQUAL, without a database, an archive or a secret", async () => {
    await put("bundle.zip", bundle);
    const [text, json] = await Promise.all([command("bundle.zip"), command("bundle.zip", "--json")]);
    const { code, out, err } = text;
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /equal +Transformation +1 transformed object of 48 rows made again from 1 raw one: the same bytes\./,
    );
    expect(out).toMatch(/equal +Figures +48 readings, [\d.]+ kWh, no carbon, coverage 1\.000000 \(48 of 48\)\./);
    expect(out).toMatch(/\nEQUAL\n/);
    expect(out).toMatch(
      /\nExtracted by meterproof [\d.]+ \(not a build\),\nverified by meterproof [\d.]+ \(sources [0-9a-f]{64}\)\.\n/,
    );
    expect(JSON.parse(json.out)).toMatchObject({ isEqual: true, steps: expect.any(Array) });
  });

  it("ends with 1 and says where, for a changed byte, a cut file and none", async () => {
    const changed = Buffer.from(bundle);
    const at = bundle.indexOf("NEM12,202603020100");
    changed[at + 6] = 0x33;
    await put("changed.zip", changed);
    await put("cut.zip", bundle.subarray(0, bundle.length - 1_000));
    const [byte, cut, none] = await Promise.all([command("changed.zip"), command("cut.zip"), command()]);
    expect([byte, cut, none].map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(byte.out).toMatch(/DIFFERS +Objects[^\n]*\n +raw\/[^\n]+: Its SHA-256 is [0-9a-f]{64} here, and/);
    expect(byte.out).toContain("\nDIFFERENT: zip file, hashes, objects");
    expect(cut.out).toMatch(/it is cut off/);
    expect(none.err).toContain("Name the bundle: npm run verify-evidence -- BUNDLE.zip");
  });
});
