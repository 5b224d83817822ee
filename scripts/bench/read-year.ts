import type { Actor } from "../../lib/auth/actor";
import type { Db } from "../../lib/db/client";
import { factorTable } from "../../lib/factors/factor-table";
import { factorUse } from "../../lib/factors/factor-use";
import { planFactor } from "../../lib/factors/recompute/plan-recompute";
import { readMeterDataEndpoint } from "../../lib/readings/endpoints";
import type { Result } from "./results";
import { addFleet, openSetting } from "./setting";
import { FROM, fillYear, METERS, TO } from "./year-of-fleet";

const actor: Actor = { kind: "system", name: "bench" };

/**
 * Reads from a table of ten million rows at the endpoint, from the request to the last byte of the answer: without the web server
 * and the network around it, and without authentication.
 */
export async function readYear(): Promise<Record<string, Result>> {
  const setting = await openSetting(() => Promise.reject(new Error("Nothing is fetched here.")));
  try {
    const { db } = setting;
    const fleet = await addFleet(db, { meters: METERS, account: "WattWatchers:bench", from: FROM, interval: "P1D" });
    const ids = fleet.map(({ meterId }) => meterId);
    const rows = await fillYear(db, ids);
    const meterYear = await timesOf(200, (index) => read(db, { granularity: "P1D" }, [ids[index % METERS] ?? ""]));
    const months = await timesOf(40, () => read(db, { granularity: "P1M" }, ids));
    const days = await timesOf(20, () => read(db, { granularity: "P1D", metrics: "eRealKwh" }, ids));
    return {
      "read-meter-year": {
        value: p95(meterYear),
        unit: "ms p95",
        goal: "at most 30",
        note: `days of a year of one meter of ${METERS}, all metrics; ${rows.toLocaleString("en")} rows in the table`,
      },
      "read-fleet-year": {
        value: p95(months),
        unit: "ms p95",
        goal: "at most 100",
        note: `months of a year of ${METERS} meters, all metrics; its days (36,500 rows, energy): ${p95(days).toFixed(0)} ms`,
      },
      "read-stream-memory": await streamAll(db, ids),
      "factor-use": await carbonUse(db),
    };
  } finally {
    await setting.close();
  }
}

async function read(db: Db, query: Record<string, string>, ids: readonly string[]): Promise<number> {
  const search = new URLSearchParams({ from: FROM.toISOString(), to: TO.toISOString(), ...query });
  for (const id of ids) search.append("meterId", id);
  const request = new Request(`http://bench/api/v1/meter-data?${search}`);
  const response = await readMeterDataEndpoint.answer(request, {}, { db, actor });
  if (!response.ok) throw new Error(await response.text());
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += chunk.length;
  return bytes;
}

/** Milliseconds of each call, after a tenth as many to warm up. */
async function timesOf(calls: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = -Math.ceil(calls / 10); index < calls; index++) {
    const startedAt = performance.now();
    await call(Math.abs(index));
    if (index >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

function p95(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN;
}

function rssMegabytes(): number {
  return process.memoryUsage.rss() / 1_048_576;
}

/** Every row of the table as CSV, and how much the process grew while they passed. */
async function streamAll(db: Db, ids: readonly string[]): Promise<Result> {
  const before = rssMegabytes();
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, rssMegabytes());
  }, 100);
  const startedAt = performance.now();
  const bytes = await read(db, { format: "csv", metrics: "eRealKwh" }, ids);
  clearInterval(watching);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    value: most - before,
    unit: "MB",
    goal: "at most 150",
    note: `growth while every row left as CSV: ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`,
  };
}

/** Which rows used a factor, and what another value for it would change. */
async function carbonUse(db: Db): Promise<Result> {
  const ctx = { db, actor };
  const lines = await factorTable(ctx);
  const factor = lines
    .flatMap(({ factors }) => factors)
    .find(({ region, edition }) => region === "NSW" && edition === "2025");
  if (!factor) throw new Error("The starter set has no factor for NSW of 2025.");
  const used = await timesOf(3, () => factorUse(ctx, { factorId: factor.id }));
  const planned = await timesOf(3, () =>
    planFactor(ctx, {
      publisher: factor.publisher,
      edition: "corrected",
      region: factor.region,
      value: "0.65",
      source: "bench",
      validFrom: factor.validFrom,
      validTo: factor.validTo,
      supersedes: factor.id,
    }),
  );
  return {
    value: Math.max(...used),
    unit: "ms",
    goal: "at most 3000",
    note: `counting by meter and month the rows that used a factor; the plan of a recompute of all of them: ${Math.max(...planned).toFixed(0)} ms`,
  };
}
