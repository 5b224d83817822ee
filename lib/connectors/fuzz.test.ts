import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packedFile, withUnpacked } from "../sources/unpack";
import { zipOf } from "../sources/zip-for-tests";
import type { Connector, RawInput } from "./contract";
import { type Listed, listed } from "./listed-for-tests";
import { mutate, randomOf } from "./mutations-for-tests";
import { rawInput } from "./raw-inputs";
import { connectors, settingsOf } from "./registry";
import { SourceError } from "./source-error";

/** `FUZZ_RUNS=20000 FUZZ_SEED=7 npx vitest run lib/connectors/fuzz.test.ts` looks longer and elsewhere. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 80);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_126);
const LONGEST_MILLISECONDS = 20_000;
const MOST_GROWTH_BYTES = 400e6;

interface Case {
  inputs: { file: string; contentType: string }[];
  settings: Record<string, unknown>;
  dataSourceType: "API" | "S3";
  range: { from: string; to: string };
}

const here = new URL(".", import.meta.url);

function fixturesOf({ type }: Connector) {
  const folder = readdirSync(here).find((name) => name.replaceAll("-", "") === type.toLowerCase());
  const fixtures = new URL(`${folder}/fixtures/`, here);
  const cases: Case[] = JSON.parse(readFileSync(new URL("cases.json", fixtures), "utf8"));
  return cases.map((each) => ({ ...each, bytes: readFileSync(new URL(each.inputs[0]?.file ?? "", fixtures)) }));
}

function parse(
  connector: Connector,
  inputs: readonly RawInput[],
  { settings, dataSourceType, range }: Case,
): Promise<Listed> {
  return listed(
    connector.parse(inputs, {
      settings: settingsOf(connector, dataSourceType, settings),
      dataSource: "source",
      dataSourceType,
      timezone: "Australia/Sydney",
      range: { from: new Date(range.from), to: new Date(range.to) },
    }),
  );
}

/** What must hold whatever the bytes are. Gives the readings, or undefined for a refusal. */
async function outcomeOf(what: string, parsed: Promise<Listed>): Promise<Listed | undefined> {
  const outcome = await parsed.catch((error: unknown) => error);
  if (outcome instanceof Error) {
    if (!(outcome instanceof SourceError)) throw new Error(`${what}: ${outcome.stack}`);
    expect([what, outcome.code]).toEqual([what, expect.stringMatching(/^[A-Z][A-Z0-9_]+$/)]);
    expect([what, outcome.message]).toEqual([what, expect.stringMatching(/^\S[\s\S]{15,1500}\.$/)]);
    return undefined;
  }
  const result = outcome as Listed;
  let last = Number.NEGATIVE_INFINITY;
  for (const { startEpochSeconds, durationSeconds, quality, ...values } of result.readings) {
    const isSound =
      Number.isSafeInteger(startEpochSeconds) &&
      startEpochSeconds > last &&
      durationSeconds > 0 &&
      durationSeconds <= 90_000 &&
      typeof quality === "string" &&
      Object.values(values).every((value) => value === null || Number.isFinite(value));
    if (!isSound)
      throw new Error(
        `${what}: no sound reading: ${JSON.stringify({ startEpochSeconds, durationSeconds, quality, values })}`,
      );
    last = startEpochSeconds;
  }
  for (const { row, reason } of result.rejects) {
    if (row === "" || reason.length > 1_000)
      throw new Error(`${what}: no reject to read: ${row.slice(0, 99)} ${reason.slice(0, 99)}`);
  }
  return result;
}

describe.each(connectors.map((connector) => [connector.type, connector] as const))("%s, fuzzed", (type, connector) => {
  const cases = fixturesOf(connector);

  it("gives sound readings or a SourceError, soon and without filling the memory", async () => {
    const random = randomOf(SEED);
    const before = process.memoryUsage().rss;
    for (let run = 0; run < RUNS; run++) {
      const each = cases[run % cases.length] as (typeof cases)[number];
      const { bytes, what } = mutate(each.bytes, random);
      const startedAt = performance.now();
      const name = `${type} run ${run} of seed ${SEED} (${what})`;
      const contentType = each.inputs[0]?.contentType;
      await outcomeOf(name, parse(connector, [rawInput("fuzzed", bytes, contentType)], each));
      expect([name, performance.now() - startedAt < LONGEST_MILLISECONDS]).toEqual([name, true]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH_BYTES);
  });

  it("refuses a cut file, or gives what the whole file gives there", async () => {
    const random = randomOf(SEED + 1);
    for (let run = 0; run < RUNS / 5; run++) {
      const each = cases[run % cases.length] as (typeof cases)[number];
      const end = Math.floor(random() * each.bytes.length);
      const cut = each.bytes.subarray(0, end);
      const only = { ...each, inputs: each.inputs.slice(0, 1) };
      const name = `${type} cut at ${end} in run ${run}`;
      const parsed = await outcomeOf(name, parse(connector, [rawInput("cut", cut, each.inputs[0]?.contentType)], only));
      if (!parsed) continue;
      // Formats without an end of their own can be whole at the end of a line.
      const endsLine = [cut.at(-1), cut.at(-2)].includes(10) || [10, 13].includes(each.bytes[end] ?? 0);
      expect([name, endsLine || type === "NEM12"]).toEqual([name, true]);
      const whole = await parse(connector, [rawInput("whole", each.bytes, each.inputs[0]?.contentType)], only);
      const byStart = new Map(whole.readings.map((reading) => [reading.startEpochSeconds, reading]));
      for (const { startEpochSeconds, eRealPositiveKwh } of parsed.readings) {
        const known = byStart.get(startEpochSeconds);
        if (typeof eRealPositiveKwh === "number")
          expect([name, known?.eRealPositiveKwh]).toEqual([name, eRealPositiveKwh]);
      }
    }
  });

  it("packed and damaged, is refused or read, never anything else", async () => {
    const random = randomOf(SEED + 2);
    for (let run = 0; run < RUNS / 5; run++) {
      const each = cases[run % cases.length] as (typeof cases)[number];
      const packed =
        run % 2 === 0 ? gzipSync(each.bytes) : zipOf({ "a.txt": each.bytes.toString("latin1"), "b.txt": "" });
      const { bytes, what } = mutate(packed, random);
      const name = `${type} packed, run ${run} of seed ${SEED} (${what})`;
      const file = packedFile("packed", each.inputs[0]?.contentType ?? "", bytes);
      await outcomeOf(
        name,
        withUnpacked([file], (inputs) => parse(connector, inputs, each)),
      );
    }
  });
});
