const words: Record<string, string> = {
  meterId: "Meter",
  type: "Type",
  name: "Name",
  startAt: "Start",
  endAt: "End",
  interval: "Interval",
  delay: "Delay",
  rereadIntervals: "Intervals to read again",
  maxRetries: "Retries",
  "settings.MRV_METRIC": "Metric",
  "settings.MRV_MIN_COVERAGE": "Least coverage",
  "settings.MRV_MAX_GAP_MINUTES": "Longest gap",
  "settings.MRV_MAX_ESTIMATED_SHARE": "Most estimated readings",
  "settings.MRV_MAX_KWH": "Most energy",
  "settings.MRV_EARLIER_TOLERANCE": "Tolerance to earlier periods",
  "settings.MRV_CROSS_CHECK_METER": "Compare with",
  "settings.MRV_CROSS_CHECK_TOLERANCE": "Tolerance of the comparison",
  "settings.MRV_APPROVAL": "Approval",
  "settings.MRV_POLICY_TAG": "Policy tag",
  "settings.MRV_REF": "Reference",
  "settings.MRV_ROUTE": "Route",
  "settings.MRV_BLOCK_TAG": "Block",
  "settings.MRV_FIELD_MAP": "Fields of the credential",
};

/** The same instant, as the form asks for it. */
const aliases: Record<string, string> = { startDay: "startAt", endDay: "endAt" };

const MAP = "settings.MRV_FIELD_MAP.";

/** What a field of the job is called in its form, and the name of its control: `settings.MRV_MAX_KWH` is "Most energy". */
export function labelOfJobField(path: string): { label: string; input: string } {
  const input = aliases[path] ?? path;
  if (!input.startsWith(MAP)) return { label: words[input] ?? input, input };
  const field = input.slice(MAP.length).replace(/\.(from|as|decimals|value)$/, "");
  return { label: `Field ${field}`, input: `${MAP}${field}` };
}
