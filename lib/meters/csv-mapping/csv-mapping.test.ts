import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type S3Simulator, simulatorAccount, startS3Simulator } from "../../../e2e/simulators/s3/simulator";
import type { Actor } from "../../auth/actor";
import type { WorkerCtx } from "../../ctx";
import { testDatabase } from "../../db/testing";
import { Forbidden, InvalidInput, NotPossibleNow } from "../../errors";
import { newId } from "../../ids";
import { log } from "../../log";
import { createAddressGuard } from "../../net/address-guard";
import type { Worker } from "../../pipeline/worker";
import { createSecretBox } from "../../secrets";
import { createMeter } from "../create-meter";
import { csvBucketSample } from "./bucket-sample";
import { SAMPLE_BYTES } from "./limits";
import { readCsvSample } from "./read-sample";

const database = testDatabase();
const secrets = createSecretBox([{ id: "k1", key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const viewer: Actor = { ...operator, roles: ["viewer"] };
let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["exports"] });
});
afterAll(() => simulator.close());

function ctxOf(actor: Actor = operator): WorkerCtx {
  const addresses = createAddressGuard({ allowed: ["127.0.0.1"] });
  const worker = { db: database.db, secrets, addresses, baseUrls: {}, now: () => new Date(), log };
  return { db: database.db, actor, worker: worker as unknown as Worker };
}

const file = [
  "# Wagga Depot, made up",
  "Time;Import (kWh);Export (kW);Q",
  "03.04.2026 00:00;1,5;0;A",
  "03.04.2026 00:30;x;0;A",
  "03.04.2026 01:00;2,25;-1;E",
  "",
].join("\n");
const mapping = {
  skipLines: 1,
  stampColumn: "Time",
  stampFormat: "DD.MM.YYYY HH:mm",
  stampIs: "end",
  values: [
    { column: "Import (kWh)", metric: "eRealPositiveKwh", unit: "kWh" },
    { column: "Export (kW)", metric: "eRealNegativeKwh", unit: "kW" },
  ],
};
const read = (content: string | Uint8Array, settings: Record<string, unknown>, isWhole = true, actor = operator) =>
  readCsvSample(ctxOf(actor), {
    sample: Buffer.from(content).toString("base64"),
    isWhole,
    settings,
    timezone: "Australia/Sydney",
  });

describe("a sample of a CSV file", () => {
  it("says what it shows, and which settings are still to be chosen", async () => {
    const answer = await read(file, {});
    expect(answer.found).toMatchObject({
      ...{ delimiter: ";", decimalMark: ",", skipLines: 1, stampHint: "start" },
      stamp: { stampColumn: "Time", stampFormat: "DD.MM.YYYY HH:mm" },
      columns: [{ kind: "stamp" }, { unit: "kWh", metric: "eRealPositiveKwh" }, { unit: "kW" }, { words: ["A", "E"] }],
    });
    expect(answer.preview).toBeNull();
    expect(Object.keys(answer.fields)).toEqual(["settings.stampColumn", "settings.values"]);
  });

  it("becomes what the pipeline would make of it, with each refused row", async () => {
    const { preview } = await read(file, {
      ...mapping,
      qualityColumn: "Q",
      qualities: { A: "actual", E: "estimated" },
    });
    expect(preview).toMatchObject({
      ...{ looked: 3, readings: 2, rejected: 1, ignored: 0, intervalMinutes: 30, failure: null },
      metrics: ["eRealKwh", "eRealPositiveKwh", "eRealNegativeKwh"],
      rejects: [{ line: 4, reason: 'Column Import (kWh): "x" is no number.', text: "03.04.2026 00:30 | x | 0 | A" }],
    });
    // The time is the end of the interval, by Sydney's clock in summer (+11:00); 1 kW over half an hour is 0.5 kWh.
    expect(preview?.first).toEqual([
      {
        ...{
          line: 3,
          startEpochSeconds: Date.parse("2026-04-02T12:30:00Z") / 1000,
          durationSeconds: 1800,
          quality: "actual",
        },
        values: { eRealPositiveKwh: 1.5, eRealNegativeKwh: 0, eRealKwh: 1.5 },
      },
      {
        ...{
          line: 5,
          startEpochSeconds: Date.parse("2026-04-02T13:30:00Z") / 1000,
          durationSeconds: 1800,
          quality: "estimated",
        },
        values: { eRealPositiveKwh: 2.25, eRealNegativeKwh: -0.5, eRealKwh: 2.75 },
      },
    ]);
  });

  it("may be packed, and may be cut anywhere", async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => {
      return `${new Date(Date.UTC(2026, 3, 1) + index * 1_800_000).toISOString().slice(0, 16)},${index % 7}`;
    });
    const packed = gzipSync(`time,kWh\n${rows.join("\n")}\n`).subarray(0, 8_000);
    const settings = { stampColumn: "time", values: [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }] };
    expect((await read(packed, settings, false)).preview).toMatchObject({ looked: 300, readings: 300, failure: null });
  });

  it("that ends without a line break says so, because a cut file looks the same", async () => {
    const settings = { ...mapping, values: mapping.values.slice(0, 1) };
    const open = await read(file.trimEnd(), settings);
    expect(open).toMatchObject({ endsOpen: true, preview: { failure: { code: "CUT_BODY" } } });
    expect(await read(file.trimEnd(), { ...settings, endsWithoutLineBreak: true })).toMatchObject({
      endsOpen: false,
      preview: { failure: null },
    });
    // Of a beginning nothing is said: it is cut anyway.
    expect((await read(file.trimEnd(), settings, false)).endsOpen).toBe(false);
  });

  it.each([
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), "is no text"],
    ["nothing but spaces", "  \n", "is empty"],
    ["a broken zip", Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), "zip"],
  ])("that is %s is said to be", async (_, content, words) => {
    expect((await read(content, mapping)).unreadable).toContain(words);
  });

  it("is bounded, and for those who change meters", async () => {
    await expect(read("x".repeat(SAMPLE_BYTES + 3), {})).rejects.toThrow(InvalidInput);
    await expect(read(file, {}, true, viewer)).rejects.toThrow(Forbidden);
  });
});

describe("the newest object of a bucket as a sample", () => {
  const secret = () => simulatorAccount.secretAccessKey;
  const credentials = (changes = {}) =>
    JSON.stringify({
      ...simulatorAccount,
      region: simulator.region,
      endpoint: simulator.url,
      forcePathStyle: true,
      ...changes,
    });
  const draft = (prefix: string, dataCredentials: string | undefined = credentials()) => ({
    dataSource: "exports",
    dataCredentials,
    settings: { s3: { prefix, pattern: "*.csv" } },
  });

  it("is its beginning, with the credentials of the form or the stored ones", async () => {
    await simulator.seedObject("exports", "wagga/b.csv", `time,kWh\n${"2026-04-01 00:00,1\n".repeat(20_000)}`);
    await simulator.seedObject("exports", "wagga/b.txt", "no");
    const sample = await csvBucketSample(ctxOf(), draft("wagga/"));
    expect(sample).toMatchObject({ name: "wagga/b.csv", isWhole: false });
    const bytes = Buffer.from(sample.sample, "base64");
    expect([bytes.length, bytes.subarray(0, 9).toString()]).toEqual([SAMPLE_BYTES, "time,kWh\n"]);
    const meter = await createMeter(ctxOf(), {
      ...{ name: "Wagga", type: "CSV", dataSourceType: "S3", timezone: "Australia/Sydney" },
      ...draft("wagga/"),
      settings: { ...mapping, s3: { prefix: "wagga/", pattern: "*.csv" } },
    });
    const { dataCredentials: _, ...kept } = draft("wagga/");
    expect(await csvBucketSample(ctxOf(), { ...kept, meterId: meter.id })).toMatchObject({ name: "wagga/b.csv" });
    expect(JSON.stringify(sample)).not.toContain(secret());
  });

  it("that is not there, or not to be had, is a sentence without the secret", async () => {
    await expect(csvBucketSample(ctxOf(), draft("nothing/"))).rejects.toThrow("holds nothing that fits");
    const wrong = await csvBucketSample(
      ctxOf(),
      draft("wagga/", credentials({ secretAccessKey: "wrong-secret-0123" })),
    ).catch((error) => error);
    expect(wrong).toBeInstanceOf(NotPossibleNow);
    expect(wrong.message).not.toContain("wrong-secret-0123");
    const { dataCredentials: _, ...without } = draft("wagga/");
    await expect(csvBucketSample(ctxOf(), without)).rejects.toThrow(InvalidInput);
  });

  it("is for those who change meters, of meters of their own", async () => {
    await expect(csvBucketSample(ctxOf(viewer), draft("wagga/"))).rejects.toThrow(Forbidden);
    const limited: Actor = { kind: "token", id: newId(), name: "t", roles: ["operator"], meterIds: [newId()] };
    await expect(csvBucketSample(ctxOf(limited), draft("wagga/"))).rejects.toThrow(Forbidden);
  });
});
