import type { EnergyRow } from "./energy";

const JOULES_PER_KWH = 3_600_000;

/** Long-energy rows as the vendor writes them: joules, or kWh under renamed fields. */
export function renderLong(rows: readonly EnergyRow[], isKwh: boolean): string {
  return `[${rows.map((row) => renderRow(row, isKwh)).join(",")}]`;
}

function renderRow(row: EnergyRow, isKwh: boolean): string {
  const suffix = isKwh ? "Kwh" : "";
  const energy = (values: readonly number[]) =>
    (isKwh ? values.map((joules) => joules / JOULES_PER_KWH) : values).join(",");
  const net = row.positive.map((joules, channel) => joules - (row.negative[channel] ?? 0));
  return (
    `{"timestamp":${row.timestamp},"duration":${row.duration},"eReal${suffix}":[${energy(net)}]` +
    `,"eRealNegative${suffix}":[${energy(row.negative)}],"eRealPositive${suffix}":[${energy(row.positive)}]` +
    `,"eReactive${suffix}":[${energy(row.reactive)}],"vRMSMin":[${row.vMin}],"vRMSMax":[${row.vMax}]` +
    `,"iRMSMin":[${row.iMin}],"iRMSMax":[${row.iMax}]}`
  );
}

export const SHORT_SECONDS = 30;

/** Ten short rows of thirty seconds whose joules add up to the five-minute row they are cut from. */
export function shortRowsOf(row: EnergyRow): Record<string, unknown>[] {
  const parts = row.duration / SHORT_SECONDS;
  const share = (total: number, part: number) =>
    Math.round((total * (part + 1)) / parts) - Math.round((total * part) / parts);
  return Array.from({ length: parts }, (_, part) => ({
    timestamp: row.timestamp - row.duration + (part + 1) * SHORT_SECONDS,
    duration: SHORT_SECONDS,
    eReal: row.positive.map((joules, channel) => share(joules - (row.negative[channel] ?? 0), part)),
    eReactive: row.reactive.map((joules) => share(joules, part)),
    vRMS: row.vMin.map((low, phase) => Math.round((low + (row.vMax[phase] ?? low)) * 5) / 10),
    iRMS: row.iMin.map((low, channel) => Math.round((low + (row.iMax[channel] ?? low)) * 500) / 1000),
  }));
}
