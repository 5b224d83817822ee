import { describe, expect, it } from "vitest";
import type { Answer, FetchContext } from "../contract";
import { NO_CONTENT_TYPE } from "../json-body";
import { SourceError } from "../source-error";
import { wattwatchers } from ".";
import { fetchLongEnergy } from "./fetch";
import { readRateLimits } from "./rate-limits";
import type { WattwatchersSettings } from "./settings";
import { testConnection } from "./test-connection";

const NOW = new Date("2026-11-23T10:00:00Z");
const KEY = "key_0123456789abcdef";
const day = { from: new Date("2026-11-22T00:00:00Z"), to: new Date("2026-11-23T00:00:00Z") };
const ROW = '{"timestamp":1795305900,"duration":300,"eRealKwh":[0.25]}';

/** A vendor that gives the prepared answers in turn and remembers what it was asked. */
function vendor(...answers: (Response | Error)[]) {
  const asked: { url: URL; headers: Headers }[] = [];
  const context: FetchContext<WattwatchersSettings, string> = {
    settings: {},
    credentials: KEY,
    dataSource: "D111000000000",
    timezone: "Australia/Sydney",
    baseUrl: "https://vendor.example",
    now: () => NOW,
    fetch: async (input, init) => {
      asked.push({ url: new URL(String(input)), headers: new Headers(init?.headers) });
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error("No answer was prepared.");
      return answer;
    },
  };
  return { asked, context };
}

const json = (body: string, status = 200, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { "content-type": "application/json", ...headers } });

async function all(answers: AsyncIterable<Answer>): Promise<Answer[]> {
  const list: Answer[] = [];
  for await (const answer of answers) list.push(answer);
  return list;
}

async function failureOf(answer: Response): Promise<SourceError> {
  const { context } = vendor(answer);
  const error: unknown = await all(fetchLongEnergy(context, day)).catch((thrown: unknown) => thrown);
  if (!(error instanceof SourceError)) throw new Error(`Expected a SourceError, got ${String(error)}`);
  expect(error.answer?.request).toContain("GET https://vendor.example/long-energy/D111000000000");
  expect(JSON.stringify([error.message, error.answer])).not.toContain(KEY);
  return error;
}

describe("fetching long energy", () => {
  it("asks for the stamps of readings that start in the range: both bounds move by five minutes", async () => {
    const { asked, context } = vendor(json(`[${ROW}]`));
    const [answer] = await all(fetchLongEnergy(context, day));
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      fromTs: String(day.from.getTime() / 1000 + 300),
      toTs: String(day.to.getTime() / 1000 + 300),
      granularity: "5m",
      "convert[energy]": "kWh",
    });
    expect(asked[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    expect(new TextDecoder().decode(answer?.bytes)).toBe(`[${ROW}]`);
    expect(answer).toMatchObject({ range: day, contentType: "application/json" });
    expect(answer?.origin).not.toContain(KEY);
  });

  it("keeps the vendor's spacing and an empty list as received", async () => {
    const body = `[ ${ROW} ]\n`;
    expect(new TextDecoder().decode((await all(fetchLongEnergy(vendor(json(body)).context, day)))[0]?.bytes)).toBe(
      body,
    );
    expect((await all(fetchLongEnergy(vendor(json("[]")).context, day)))[0]?.bytes).toHaveLength(2);
  });

  it("marks an answer without content, so that parse knows it from an empty body", async () => {
    const [answer] = await all(fetchLongEnergy(vendor(new Response(null, { status: 204 })).context, day));
    expect(answer).toMatchObject({ contentType: NO_CONTENT_TYPE });
    expect(answer?.bytes).toHaveLength(0);
    await expect(all(fetchLongEnergy(vendor(json("")).context, day))).rejects.toMatchObject({ code: "EMPTY_BODY" });
  });

  it("asks seven civil days over the end of daylight saving in two calls of at most seven days", async () => {
    const range = { from: new Date("2026-03-31T13:00:00Z"), to: new Date("2026-04-07T14:00:00Z") };
    const { asked, context } = vendor(json("[]"), json("[]"));
    const answers = await all(fetchLongEnergy(context, range));
    const lengths = asked.map(
      ({ url }) => Number(url.searchParams.get("toTs")) - Number(url.searchParams.get("fromTs")),
    );
    expect(lengths).toEqual([7 * 86_400, 3_600]);
    expect(answers.map((answer) => answer.range.to)).toEqual([new Date("2026-04-07T13:00:00Z"), range.to]);
    expect(answers[1]?.range.from).toEqual(answers[0]?.range.to);
  });

  it.each([
    [400, "BAD_REQUEST", false],
    [401, "KEY_REFUSED", false],
    [403, "NOT_PERMITTED", false],
    [404, "NOT_FOUND", false],
    [422, "UNPROCESSABLE", false],
    [302, "REDIRECTED", false],
    [418, "UNEXPECTED_STATUS", false],
    [500, "VENDOR_FAILED", true],
    [503, "VENDOR_FAILED", true],
  ])("maps status %i to %s whatever the body's httpCode says", async (status, code, isRetryable) => {
    const error = await failureOf(json('{"code":"X","httpCode":200,"message":"Said by the vendor."}', status));
    expect(error).toMatchObject({ code, isRetryable, answer: { status } });
    expect(error.message).toContain("Said by the vendor.");
  });

  it("waits for the reset when the day is spent", async () => {
    const told = { "x-ratelimit-tpdremaining": "0", "x-ratelimit-tpdreset": "3600", "x-ratelimit-tpslimit": "5" };
    const expected = { code: "TOO_MANY_PER_DAY", waitReason: "quota", isRetryable: true };
    expect(await failureOf(json("{}", 429, told))).toMatchObject({
      ...expected,
      retryAt: new Date("2026-11-23T11:00:00Z"),
    });
    const wordOnly = await failureOf(json('{"code":"TOO_MANY_REQUESTS_TPD"}', 429));
    expect(wordOnly).toMatchObject({ ...expected, retryAt: new Date("2026-11-24T00:00:00Z") });
  });

  it("tries again shortly when the second is spent, even where the day's figures came along", async () => {
    const headers = {
      "x-ratelimit-tpsreset": "0.25",
      "x-ratelimit-tpdreset": "50000",
      "x-ratelimit-tpdremaining": "10",
    };
    const error = await failureOf(json('{"code":"TOO_MANY_REQUESTS_TPS"}', 429, headers));
    expect(error).toMatchObject({ code: "TOO_MANY_PER_SECOND", waitReason: "retry", isRetryable: true });
    expect(error.retryAt).toEqual(new Date(NOW.getTime() + 250));
    const epoch = { "x-ratelimit-tpsreset": String(NOW.getTime() + 3_000) };
    expect((await failureOf(json("{}", 429, epoch))).retryAt).toEqual(new Date(NOW.getTime() + 3_000));
    const date = await failureOf(json("{}", 429, { "retry-after": new Date(NOW.getTime() + 9_000).toUTCString() }));
    expect(date.retryAt).toEqual(new Date(NOW.getTime() + 9_000));
    const retryAfter = await failureOf(json("{}", 429, { "retry-after": "7" }));
    expect(retryAfter).toMatchObject({ code: "TOO_MANY_PER_SECOND", retryAt: new Date(NOW.getTime() + 7_000) });
  });

  it("steps back for a minute when a 429 says nothing", async () => {
    const error = await failureOf(new Response("", { status: 429 }));
    expect(error).toMatchObject({
      code: "PLATFORM_BUSY",
      isRetryable: true,
      retryAt: new Date(NOW.getTime() + 60_000),
    });
  });

  it.each([
    ["<html><body>Sign in</body></html>", "HTML_PAGE"],
    [`[${ROW},${ROW.slice(0, 20)}`, "CUT_BODY"],
    ['["D100"]', "NOT_ENERGY_DATA"],
  ])("does not hand over a 200 with %s, and it can be asked again", async (body, code) => {
    const error = await failureOf(json(body));
    expect(error).toMatchObject({ code, isRetryable: true, answer: { status: 200, body } });
  });

  it("passes failures of the network unchanged", async () => {
    const lost = new SourceError("TIMED_OUT", "No answer.", { isRetryable: true });
    await expect(all(fetchLongEnergy(vendor(lost).context, day))).rejects.toBe(lost);
  });
});

describe("testing the connection", () => {
  const device =
    '{"id":"D1","label":"Home","timezone":"Australia/Sydney","channels":[{"label":"Grid"},{"label":"Solar"}]}';

  it.each([ROW, `[${ROW}]`])("tells device, channels and the START of the newest reading from %s", async (latest) => {
    const result = await testConnection(vendor(json(device), json(latest)).context);
    expect(result.newestReadingAt).toEqual(new Date((1_795_305_900 - 300) * 1000));
    expect(result.found).toContainEqual({ label: "Channels", value: "2: 1 Grid, 2 Solar" });
    expect(result.found).toContainEqual({ label: "Device", value: "Home" });
    const options = [
      { value: "1", label: "Grid" },
      { value: "2", label: "Solar" },
    ];
    expect(result.choices).toEqual([
      { setting: "channels", whenEmpty: "all", options },
      { setting: "invert", whenEmpty: "none", options },
    ]);
  });

  it("accepts a device that never had data", async () => {
    const result = await testConnection(vendor(json(device), new Response(null, { status: 204 })).context);
    expect(result.newestReadingAt).toBeNull();
    expect(result.found.at(-1)?.value).toContain("has not sent any data yet");
  });

  it("finds a channel that the device does not have before any data is collected", async () => {
    const { context } = vendor(json(device));
    await expect(testConnection({ ...context, settings: { channels: [3] } })).rejects.toMatchObject({
      code: "CHANNEL_MISSING",
    });
  });

  it.each(['["D1"]', '{"code":"NOT_PERMITTED","message":"no"}', "{}"])("refuses %s: it is no device", async (body) => {
    await expect(testConnection(vendor(json(body)).context)).rejects.toMatchObject({ code: "NOT_A_DEVICE" });
  });

  it("accepts a device whose labels are not what they were", async () => {
    const odd = '{"id":7,"label":null,"model":{"a":1},"channels":[{"label":3},{"label":"Solar"}],"new":[]}';
    const result = await testConnection(vendor(json(odd), json(ROW)).context);
    expect(result.found).toContainEqual({ label: "Channels", value: "2: 1, 2 Solar" });
  });
});

describe("limits", () => {
  it("start at the documented minimum and are learnt from headers", () => {
    expect(wattwatchers.quota?.(KEY, {})).toEqual([
      { window: "second", limit: 5 },
      { window: "day", limit: 3456 },
    ]);
    const headers = new Headers({
      date: "Mon, 23 Nov 2026 10:00:00 GMT",
      "X-RateLimit-TpsLimit": "20",
      "X-RateLimit-TpsRemaining": "19",
      "X-RateLimit-TpsReset": "0.5",
      "X-RateLimit-TpdLimit": "69120",
      "X-RateLimit-TpdRemaining": "60000",
      "X-RateLimit-TpdReset": "50400",
    });
    expect(readRateLimits(headers)).toEqual([
      { window: "second", limit: 20, remaining: 19, resetAt: new Date("2026-11-23T10:00:00.500Z") },
      { window: "day", limit: 69_120, remaining: 60_000, resetAt: new Date("2026-11-24T00:00:00Z") },
    ]);
    expect(readRateLimits(new Headers({ "X-RateLimit-TpsLimit": "many" }))).toEqual([]);
  });
});
