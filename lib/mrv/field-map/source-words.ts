import type { FieldRule } from "../settings";

/** What a field is filled from, as people say it. */
export const sourceNames: Record<FieldRule["from"], string> = {
  periodStart: "Start of the period",
  periodEnd: "End of the period",
  periodSeconds: "Length of the period in seconds",
  metric: "The metric's figure",
  metricUnit: "Unit of the metric",
  carbonTons: "Carbon in tonnes",
  emissionFactor: "Emission factor",
  coverage: "Coverage, 0 to 1",
  readings: "Number of readings",
  recordId: "Id of the record",
  meterId: "Id of the meter",
  deviceDid: "DID of the device",
  constant: "A fixed value",
};

const formNames: Record<NonNullable<FieldRule["as"]>, string> = {
  string: "as text",
  number: "as a number",
  integer: "as a whole number",
  date: "as a day",
  dateTime: "as a time",
};

export function sourceWords({ from, as, decimals }: FieldRule): string {
  const name = sourceNames[from];
  const parts = [
    name,
    as && formNames[as],
    decimals !== undefined && `at most ${decimals} ${decimals === 1 ? "decimal" : "decimals"}`,
  ];
  return parts.filter(Boolean).join(", ");
}
