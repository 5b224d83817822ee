import type { FetchContext, TestResult } from "../contract";
import { askForList } from "./fetch";
import { periodOf, readLists } from "./rows";
import type { SolcastSettings } from "./settings";

const TESTED_HOURS = 24;

/** One call, of the list that is collected first. Throws SourceError with what to correct. */
export async function testConnection(context: FetchContext<SolcastSettings, string>): Promise<TestResult> {
  const list = context.settings.include.includes("estimated_actuals") ? "estimated_actuals" : "forecasts";
  const { bytes } = await askForList(context, list, TESTED_HOURS);
  const periods = (readLists(bytes, "The answer of Solcast", true)[list] ?? [])
    .map((row) => periodOf(typeof row === "object" && row !== null ? (row as Record<string, unknown>) : {}))
    .filter((period) => typeof period !== "string");
  const starts = periods.map(({ start }) => start);
  const newest = starts.length === 0 ? null : new Date(Math.max(...starts) * 1000);
  const lengths = [...new Set(periods.map(({ seconds }) => `${seconds / 60} minutes`))];
  const what = list === "forecasts" ? "forecasts" : "estimated actuals";
  return {
    reached: `Solcast knows the rooftop site ${context.dataSource}.`,
    found: [
      { label: "List", value: `${what}, ${periods.length} periods of the ${TESTED_HOURS} hours asked for` },
      ...(lengths.length > 0 ? [{ label: "Period", value: lengths.join(", ") }] : []),
      { label: list === "forecasts" ? "Last period" : "Newest estimate", value: newest?.toISOString() ?? "none yet" },
      { label: "Cost", value: `1 of the ${context.settings.dailyCalls} calls that the account has a day` },
    ],
    newestReadingAt: list === "forecasts" ? null : newest,
  };
}
