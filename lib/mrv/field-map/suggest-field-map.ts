import type { DeviceField } from "../../devices/schemas";
import type { FieldRule } from "../settings";

/** Digits that a number of any month's figure holds exactly. */
const METRIC_DECIMALS = 6;
const CARBON_DECIMALS = 9;

/**
 * A field map to begin with, from names, titles and formats of a device's fields. Only what is likely: a field that nothing fits is left to
 * the person, and everything is shown before it is saved.
 */
export function suggestFieldMap(fields: readonly DeviceField[]): Record<string, FieldRule> {
  const own = fields.filter((field) => !field.isFromConfig);
  if (isNumberedThree(own)) return numberedThree;
  const map: Record<string, FieldRule> = {};
  for (const field of own) {
    if (field.isList) continue;
    const rule = ruleFor(field, fields);
    if (rule) map[field.path] = rule;
  }
  return map;
}

/** What Guardian's own metering sample and the iREC policies made of it call date, amount and period; without a JSON schema nothing says so. */
const numberedThree: Record<string, FieldRule> = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric" },
  field2: { from: "periodSeconds" },
};

function isNumberedThree(fields: readonly DeviceField[]): boolean {
  return fields.map(({ path, title }) => path + (title ?? "")).join() === Object.keys(numberedThree).join();
}

function ruleFor(field: DeviceField, fields: readonly DeviceField[]): FieldRule | null {
  const words = wordsOf(field);
  const has = (...some: RegExp[]) => some.some((each) => each.test(words));
  const isEnd = has(/\b(end|ended|stop|stopped|until|to|finish)\b/);
  if (field.format === "date" || field.format === "date-time") return { from: isEnd ? "periodEnd" : "periodStart" };
  // Of other formats (a link, an address) nothing here is one.
  if (field.format !== null) return null;
  const isNumber = field.kind === "number" || field.kind === "integer";
  if (field.kind === "text") {
    if (has(/\b(uom|units?)\b/)) return unitRule(words);
    if (has(/\b(id|identifier|did)\b/)) return idRule(has);
    if (has(/\btime\b/) && has(/\b(date|start|end|from|until)\b/)) {
      return { from: isEnd ? "periodEnd" : "periodStart", as: "dateTime" };
    }
    if (has(/\b(date|day)\b/)) return { from: isEnd ? "periodEnd" : "periodStart", as: "date" };
    if (has(/\b(start|started|begin|from)\b/)) return { from: "periodStart", as: "dateTime" };
    if (isEnd && has(/\b(end|ended|stop|stopped|until)\b/)) return { from: "periodEnd", as: "dateTime" };
  }
  if (field.kind !== "text" && !isNumber) return null;
  if (has(/\b(period|duration|seconds)\b/)) return { from: "periodSeconds" };
  if (has(/\b(coverage|completeness)\b/)) return { from: "coverage" };
  if (has(/\bfactor\b/)) return isNumber ? { from: "emissionFactor" } : null;
  if (has(/\b(co2|co2e|co2eq|carbon|emissions?|ghg)\b/)) {
    return isNumber && isCarbonField(field, fields) ? { from: "carbonTons", decimals: CARBON_DECIMALS } : null;
  }
  if (has(/\breadings\b/) && isNumber) return { from: "readings" };
  if (!has(/\b(amount|value|energy|kwh|generation|generated|production|consumption|quantity|volume)\b/)) return null;
  return isNumber
    ? { from: "metric", ...(field.kind === "number" && { decimals: METRIC_DECIMALS }) }
    : { from: "metric" };
}

/** One of several: the equivalent before single gases, a required one before optional ones. */
function isCarbonField(field: DeviceField, fields: readonly DeviceField[]): boolean {
  const isCarbon = (each: DeviceField) =>
    each.kind === "number" && !each.isList && /\b(co2|co2e|co2eq|carbon|emissions?|ghg)\b/.test(wordsOf(each));
  const rank = (each: DeviceField) => (each.isRequired ? 0 : 2) + (/co2e/.test(wordsOf(each)) ? 0 : 1);
  const [best] = fields.filter(isCarbon).sort((a, b) => rank(a) - rank(b));
  return best?.path === field.path;
}

function unitRule(words: string): FieldRule {
  if (/\b(duration|period|time)\b/.test(words)) return { from: "constant", value: "seconds" };
  if (/\b(co2|co2e|co2eq|carbon|emissions?|ghg)\b/.test(words)) return { from: "constant", value: "tCO2e" };
  return { from: "metricUnit" };
}

function idRule(has: (...some: RegExp[]) => boolean): FieldRule | null {
  if (has(/\bmeter\b/)) return { from: "meterId" };
  if (has(/\b(device|sensor|did)\b/)) return { from: "deviceDid" };
  return has(/\b(reading|record|report|measurement|mrv|data)\b/) ? { from: "recordId" } : null;
}

/** `intervalStartDateTime` is `interval start date time`, `valueUOM` is `value uom`. */
function wordsOf({ path, title }: DeviceField): string {
  const name = path.split(".").at(-1) ?? path;
  return `${name} ${title ?? ""}`
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .toLowerCase();
}
