import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type S3Simulator, simulatorAccount, startS3Simulator } from "../../e2e/simulators/s3/simulator";
import type { WorkerCtx } from "../ctx";
import { testDatabase } from "../db/testing";
import { log } from "../log";
import { createAddressGuard } from "../net/address-guard";
import type { Worker } from "../pipeline/worker";
import { createSecretBox } from "../secrets";
import { createMeter } from "./create-meter";
import { testMeter } from "./test-meter";
import { updateMeter } from "./update-meter";

const database = testDatabase();
const secrets = createSecretBox([{ id: "k1", key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));
let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["exports"] });
});
afterAll(() => simulator.close());

function ctxAllowing(allowed: string[]): WorkerCtx {
  const addresses = createAddressGuard({ allowed });
  const worker = { db: database.db, secrets, addresses, baseUrls: {}, now: () => new Date(), log };
  return { db: database.db, actor: { kind: "system", name: "test" }, worker: worker as unknown as Worker };
}

const ctx = () => ctxAllowing(["127.0.0.1"]);
const credentials = (endpoint: string) =>
  JSON.stringify({ ...simulatorAccount, region: simulator.region, endpoint, forcePathStyle: true });
const wanted = (prefix: string, settings: Record<string, unknown> = {}, endpoint = simulator.url) => ({
  name: "Site 7",
  type: "NEM12",
  dataSourceType: "S3" as const,
  dataSource: "exports",
  dataCredentials: credentials(endpoint),
  timezone: "Australia/Sydney",
  settings: { ...settings, s3: { prefix, pattern: "*" } },
});

describe("the endpoint of a bucket meter", () => {
  it.each([
    "http://169.254.169.254",
    "http://[::ffff:169.254.169.254]",
    "http://[fd00:ec2::254]",
    "http://2852039166",
    "http://0xa9fea9fe",
    "http://0251.0376.0251.0376",
    "http://10.1.2.3:9000",
    "http://100.64.0.1",
    "http://[fe80::1]",
    "http://0.0.0.0",
    "http://127.0.0.1:9000",
  ])("is not stored where it is %s, which the configuration does not allow", async (endpoint) => {
    const error = await createMeter(ctxAllowing([]), wanted("", {}, endpoint)).catch((caught) => caught);
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.fields["dataCredentials.endpoint"]).toContain("METERPROOF_ALLOWED_ADDRESSES");
    expect(JSON.stringify([error.message, error.fields])).not.toContain(simulatorAccount.secretAccessKey);
    const meter = await createMeter(ctx(), wanted(""));
    const change = { meterId: meter.id, dataCredentials: credentials(endpoint) };
    await expect(updateMeter(ctxAllowing([]), change)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("testing a bucket meter", () => {
  const day = (nmi: string) =>
    `100,NEM12,202603020100,MDP,RET\n200,${nmi},E1,E1,E1,N1,SER1,kWh,30,\n300,20260301,${Array(48).fill(1).join(",")},A,,,20260302010000,\n900\n`;
  const tested = async (prefix: string, settings = {}) =>
    testMeter(ctx(), { meterId: (await createMeter(ctx(), wanted(prefix, settings))).id });

  it("tells the newest reading of the newest object", async () => {
    await simulator.seedObject("exports", "good/a.csv", day("6123456789"));
    const result = await tested("good/");
    expect(result).toMatchObject({ ok: true, newestReadingAt: new Date("2026-03-01T13:30:00Z") });
    expect(result.found).toContainEqual({ label: "Newest reading", value: "2026-03-01T13:30:00.000Z" });
  });

  it("says that the bucket was reached where what is in it is of another kind", async () => {
    await simulator.seedObject("exports", "other/a.csv", '[{"timestamp":1}]');
    expect(await tested("other/")).toMatchObject({
      ok: false,
      code: "NOT_NEM12",
      message: expect.stringMatching(
        /^The bucket exports at .* was reached, but its newest object is of another kind\. other\/a\.csv is no NEM12 file.* Correct the meter type, the prefix or the pattern\.$/,
      ),
    });
  });

  it.each([
    ["nowhere/", "*", "holds nothing under the prefix. Correct the prefix, unless files are still to come."],
    ["odd/", "{yyyy}.zip", "holds nothing that fits the pattern. Correct the pattern, unless files are still to come."],
  ])("says what to correct where %s%s finds nothing", async (prefix, pattern, sentence) => {
    await simulator.seedObject("exports", "odd/a.csv", day("6123456789"));
    const meter = await createMeter(ctx(), { ...wanted(prefix), settings: { s3: { prefix, pattern } } });
    expect((await testMeter(ctx(), { meterId: meter.id })).message).toContain(sentence);
  });

  it.each([
    ["Solcast", "<html><body>Sign in</body></html>", "HTML_PAGE", "is a web page, not JSON"],
    [
      "WattWatchers",
      '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
      "NOT_JSON",
      "kind/a is XML, not JSON.",
    ],
  ])("tells a %s meter's page from another format", async (type, body, code, sentence) => {
    await simulator.seedObject("exports", "kind/a", body);
    const { id } = await createMeter(ctx(), { ...wanted("kind/"), type });
    const result = await testMeter(ctx(), { meterId: id });
    expect(result).toMatchObject({ ok: false, code });
    expect(result.message).toContain(sentence);
  });

  it.each([
    ["a file of another kind", "<html>Sign in</html>", {}, "HTML_PAGE", "bad/a.csv is a web page"],
    ["several meters in a file", day("6123456789") + day("6123456790"), {}, "NMI_AMBIGUOUS", "6123456789, 6123456790"],
    ["another meter's file", day("6123456789"), { nmi: "NMI0000000" }, "NO_READINGS", "the files hold 6123456789"],
    ["a broken archive", "PK\u0003\u0004 and no more", {}, "PACKED_FILE_BROKEN", "upload it again"],
  ])("fails for %s, before a job runs into it", async (_, content, settings, code, sentence) => {
    await simulator.seedObject("exports", "bad/a.csv", content);
    const result = await tested("bad/", settings);
    expect(result).toMatchObject({ ok: false, code, newestReadingAt: null });
    expect(result.message).toContain(sentence);
  });
});
