import type { Ctx } from "../ctx";
import { type FleetFilter, fleetList } from "./fleet-list";
import type { FleetRow } from "./fleet-row";

const PAGE_ROWS = 200;

/** The meters page as CSV: every row that the filter names, in the page's order, with coverage of 30 days. */
export async function exportFleet(ctx: Ctx, filter: FleetFilter, now = new Date()): Promise<string> {
  const lines = [columns.map(([name]) => name).join(",")];
  for (let page = 1; ; page++) {
    const { rows } = await fleetList(ctx, { ...filter, page, pageSize: PAGE_ROWS }, now);
    lines.push(...rows.map((row) => columns.map(([, value]) => cell(value(row))).join(",")));
    if (rows.length < PAGE_ROWS) return `${lines.join("\r\n")}\r\n`;
  }
}

const columns: readonly [string, (row: FleetRow) => string | number | null][] = [
  ["id", (row) => row.id],
  ["name", (row) => row.name],
  ["type", (row) => row.type],
  ["source", (row) => row.dataSourceType],
  ["sourceId", (row) => row.sourceId],
  ["timezone", (row) => row.timezone],
  ["region", (row) => row.region],
  ["capacityKw", (row) => row.capacityKw],
  ["state", (row) => row.state],
  ["newestReadingAt", (row) => row.newestReadingAt],
  ["openFindings", (row) => row.findings],
  ["coverage30Days", (row) => (row.coverage === null ? null : Math.round(row.coverage * 1e6) / 1e6)],
];

/** Quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe, as spreadsheets expect. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
