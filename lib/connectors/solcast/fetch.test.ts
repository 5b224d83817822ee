import { describe, expect, it } from "vitest";
import type { Answer, FetchContext } from "../contract";
import { SourceError } from "../source-error";
import { solcast } from ".";
import { fetchSolcast } from "./fetch";
import { type SolcastSettings, solcastSettings } from "./settings";
import { testConnection } from "./test-connection";

const NOW = new Date("2026-11-23T10:07:00Z");
const KEY = "hush-0123456789abcdef";
const yesterday = { from: new Date("2026-11-22T00:00:00Z"), to: new Date("2026-11-23T00:00:00Z") };
const ROW = { pv_estimate: 1, period_end: "2026-11-23T10:00:00.0000000Z", period: "PT30M" };
const actuals = () => Response.json({ estimated_actuals: [ROW] });
const forecasts = () => Response.json({ forecasts: [ROW] });

/** A vendor that gives the prepared answers in turn and remembers what it was asked. */
function vendor(answers: Response[], settings: unknown = {}) {
  const asked: { url: string; headers: Headers; redirect: unknown }[] = [];
  const context: FetchContext<SolcastSettings, string> = {
    settings: solcastSettings.parse(settings),
    credentials: KEY,
    dataSource: "ba75-e17a/7374",
    timezone: "Australia/Sydney",
    baseUrl: "https://vendor.example",
    now: () => NOW,
    fetch: async (input, init) => {
      asked.push({ url: String(input), headers: new Headers(init?.headers), redirect: init?.redirect });
      const answer = answers.shift();
      if (!answer) throw new Error("No answer was prepared.");
      return answer;
    },
  };
  return { asked, context };
}

async function all(answers: AsyncIterable<Answer>): Promise<Answer[]> {
  const list: Answer[] = [];
  for await (const answer of answers) list.push(answer);
  return list;
}

async function failureOf(answer: Response): Promise<SourceError> {
  const error: unknown = await all(fetchSolcast(vendor([answer]).context, yesterday)).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceError)) throw new Error(`Expected a SourceError, got ${String(error)}`);
  expect(error.answer?.request).toContain(
    "GET https://vendor.example/rooftop_sites/ba75-e17a%2F7374/estimated_actuals",
  );
  expect(JSON.stringify([error.message, error.answer])).not.toContain(KEY);
  return error;
}

describe("fetching a Solcast site", () => {
  it("costs one call a list: estimates back over the range, forecasts from now on, bytes as received", async () => {
    const { asked, context } = vendor([actuals(), forecasts()]);
    const answers = await all(fetchSolcast(context, yesterday));
    expect(asked.map(({ url }) => url)).toEqual([
      "https://vendor.example/rooftop_sites/ba75-e17a%2F7374/estimated_actuals?format=json&hours=36",
      "https://vendor.example/rooftop_sites/ba75-e17a%2F7374/forecasts?format=json&hours=48",
    ]);
    expect(asked[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    expect(asked[0]?.redirect).toBe("manual");
    expect(answers.map(({ range }) => range)).toEqual([
      yesterday,
      { from: NOW, to: new Date(NOW.getTime() + 48 * 3_600_000) },
    ]);
    expect(new TextDecoder().decode(answers[0]?.bytes)).toBe(JSON.stringify({ estimated_actuals: [ROW] }));
    expect(answers[0]?.origin).not.toContain(KEY);
  });

  it("asks only the lists that are named", async () => {
    const { asked, context } = vendor([forecasts()]);
    expect(await all(fetchSolcast(context, yesterday, ["forecasts"]))).toHaveLength(1);
    expect(asked[0]?.url).toContain("/forecasts?");
  });

  it("asks for no more than the vendor's 168 hours, and for no forecasts with intervals long over", async () => {
    const { asked, context } = vendor([actuals()]);
    const old = { from: new Date("2026-11-16T00:00:00Z"), to: new Date("2026-11-17T00:00:00Z") };
    await all(fetchSolcast(context, old));
    expect(asked.map(({ url }) => url.split("?")[1])).toEqual(["format=json&hours=168"]);
  });

  it("asks only for the lists of the settings", async () => {
    const first = vendor([actuals()], { include: ["estimated_actuals"] });
    await all(fetchSolcast(first.context, yesterday));
    const second = vendor([forecasts()], { include: ["forecasts"], forecastHours: 168 });
    await all(fetchSolcast(second.context, yesterday));
    expect([...first.asked, ...second.asked].map(({ url }) => url.split("/").at(-1))).toEqual([
      "estimated_actuals?format=json&hours=36",
      "forecasts?format=json&hours=168",
    ]);
  });

  it.each([
    [400, "BAD_REQUEST"],
    [401, "KEY_REFUSED"],
    [403, "KEY_REFUSED"],
    [404, "SITE_OR_KEY_UNKNOWN"],
    [302, "REDIRECTED"],
    [418, "UNEXPECTED_STATUS"],
  ])("does not ask again after %i", async (status, code) => {
    const body = '{"response_status":{"error_code":"InvalidKey","message":"Said by the vendor."}}';
    const error = await failureOf(new Response(body, { status }));
    expect(error).toMatchObject({ code, isRetryable: false });
    expect(error.message).toContain("Said by the vendor.");
  });

  it("waits for the day's reset, a few minutes past the hour, where the quota is spent", async () => {
    const body = { response_status: { error_code: "TooManyRequests", message: "You have exceeded your limit." } };
    const error = await failureOf(Response.json(body, { status: 429 }));
    expect(error).toMatchObject({ code: "TOO_MANY_PER_DAY", isRetryable: true, waitReason: "quota" });
    const late = ((error.retryAt?.getTime() ?? 0) - Date.parse("2026-11-24T00:00:00Z")) / 60_000;
    expect(late).toBeGreaterThanOrEqual(3);
    expect(late).toBeLessThanOrEqual(12);
  });

  it.each([
    ["", "an empty body"],
    ["<html></html>", "a page"],
    ['{"message":"slow down"}', "another body"],
  ])("backs off where a 429 with %j is no spent quota", async (body) => {
    const error = await failureOf(new Response(body, { status: 429 }));
    expect(error).toMatchObject({ code: "PLATFORM_BUSY", isRetryable: true, waitReason: "retry" });
  });

  it.each([
    ["<!DOCTYPE html><html></html>", "HTML_PAGE"],
    ["", "EMPTY_BODY"],
    ['{"estimated_actuals":[{"pv_est', "CUT_BODY"],
    ['{"forecasts":[]}', "NOT_SOLCAST_DATA"],
    ['{"response_status":{"error_code":"x"}}', "NOT_SOLCAST_DATA"],
  ])("never takes %s for an answer although it came with a 200", async (body, code) => {
    expect(await failureOf(new Response(body))).toMatchObject({ code, isRetryable: true, answer: { status: 200 } });
  });

  it("asks again after an error of the vendor's own", async () => {
    expect(await failureOf(new Response("", { status: 503 }))).toMatchObject({
      code: "VENDOR_FAILED",
      isRetryable: true,
    });
  });
});

describe("testing the connection", () => {
  it("costs one call, says so, and tells the newest estimate", async () => {
    const { asked, context } = vendor([actuals()]);
    const result = await testConnection(context);
    expect(asked).toHaveLength(1);
    expect(result.newestReadingAt?.toISOString()).toBe("2026-11-23T09:30:00.000Z");
    expect(result.found).toContainEqual({ label: "Cost", value: "1 of the 10 calls that the account has a day" });
    expect(`${solcast.dataSourceField?.help}`).toMatch(/costs one call/);
  });

  it("says what to correct", async () => {
    const { context } = vendor([new Response("", { status: 404 })]);
    await expect(testConnection(context)).rejects.toMatchObject({ code: "SITE_OR_KEY_UNKNOWN" });
  });
});
