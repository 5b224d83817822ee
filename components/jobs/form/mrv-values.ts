import type { FieldRule } from "@/lib/mrv/settings";
import type { JobFormMeter } from "./form-meter";
import { numberOf } from "./typed-number";

/** What fills one field of the credential, as it is typed. Without `from` the field is left out. */
export interface RuleValues {
  from: string;
  as: string;
  decimals: string;
  value: string;
}

/** Settings of an MRV job as texts; shares are percent. */
export interface MrvValues {
  metric: string;
  minCoverage: string;
  maxGap: string;
  allowEstimated: boolean;
  maxEstimated: string;
  maxKwh: string;
  crossCheckMeter: string | null;
  crossCheckTolerance: string;
  earlierTolerance: string;
  approval: string;
  rules: Record<string, RuleValues>;
  policyTag: string;
  ref: string;
  route: string;
  blockTag: string;
  allowCorrections: boolean;
}

export const noRule: RuleValues = { from: "", as: "", decimals: "", value: "" };

/** What the meter and its device propose. */
export function proposedMrv(meter: Pick<JobFormMeter, "device" | "recordable"> | null): MrvValues {
  const [metric] = meter?.recordable ?? [];
  return mrvValuesOf({ MRV_METRIC: metric ?? "eRealKwh", MRV_FIELD_MAP: meter?.device?.suggested ?? {} });
}

/** Of stored settings; what is not among them is the default. */
export function mrvValuesOf(settings: Record<string, unknown>): MrvValues {
  const text = (name: string) => (settings[name] === undefined ? "" : String(settings[name]));
  const percent = (name: string, preset = "") =>
    settings[name] === undefined ? preset : String(Number((Number(settings[name]) * 100).toPrecision(12)));
  const rules = Object.entries((settings.MRV_FIELD_MAP ?? {}) as Record<string, FieldRule>).map(([path, rule]) => [
    path,
    {
      from: rule.from,
      as: rule.as ?? "",
      decimals: rule.decimals === undefined ? "" : String(rule.decimals),
      value: rule.value === undefined ? "" : String(rule.value),
    },
  ]);
  return {
    metric: text("MRV_METRIC"),
    minCoverage: percent("MRV_MIN_COVERAGE", "100"),
    maxGap: text("MRV_MAX_GAP_MINUTES"),
    allowEstimated: settings.MRV_ALLOW_ESTIMATED === true,
    maxEstimated: percent("MRV_MAX_ESTIMATED_SHARE"),
    maxKwh: text("MRV_MAX_KWH"),
    crossCheckMeter: text("MRV_CROSS_CHECK_METER") || null,
    crossCheckTolerance: percent("MRV_CROSS_CHECK_TOLERANCE", "15"),
    earlierTolerance: percent("MRV_EARLIER_TOLERANCE"),
    approval: text("MRV_APPROVAL") || "manual",
    rules: Object.fromEntries(rules),
    policyTag: text("MRV_POLICY_TAG"),
    ref: text("MRV_REF"),
    route: text("MRV_ROUTE") || "external",
    blockTag: text("MRV_BLOCK_TAG"),
    allowCorrections: settings.MRV_ALLOW_CORRECTIONS === true,
  };
}

/** As the schema takes them: empty fields are left out, and what is no number stays text, so that it is refused at its field. */
export function mrvSettingsOf(values: MrvValues) {
  const optional = <T>(text: string, made: (text: string) => T) => (text.trim() === "" ? undefined : made(text.trim()));
  const rules = Object.entries(values.rules).filter(([, rule]) => rule.from !== "");
  return {
    MRV_METRIC: values.metric,
    MRV_MIN_COVERAGE: shareOf(values.minCoverage),
    MRV_MAX_GAP_MINUTES: optional(values.maxGap, numberOf),
    MRV_ALLOW_ESTIMATED: values.allowEstimated,
    MRV_MAX_ESTIMATED_SHARE: values.allowEstimated ? optional(values.maxEstimated, shareOf) : undefined,
    MRV_MAX_KWH: optional(values.maxKwh, numberOf),
    MRV_CROSS_CHECK_METER: values.crossCheckMeter ?? undefined,
    MRV_CROSS_CHECK_TOLERANCE: values.crossCheckMeter ? shareOf(values.crossCheckTolerance) : undefined,
    MRV_EARLIER_TOLERANCE: optional(values.earlierTolerance, shareOf),
    MRV_APPROVAL: values.approval,
    MRV_FIELD_MAP: Object.fromEntries(rules.map(([path, rule]) => [path, ruleOf(rule)])),
    MRV_POLICY_TAG: optional(values.policyTag, String),
    MRV_REF: optional(values.ref, String),
    MRV_ROUTE: values.route,
    MRV_BLOCK_TAG: optional(values.blockTag, String),
    MRV_ALLOW_CORRECTIONS: values.allowCorrections,
  };
}

function ruleOf({ from, as, decimals, value }: RuleValues) {
  return {
    from,
    ...(as !== "" && { as }),
    ...(decimals.trim() !== "" && (isFigure(from) || from === "constant") && { decimals: numberOf(decimals) }),
    ...(from === "constant" && { value }),
  };
}

/** Sources that are figures: they can be rounded. */
export function isFigure(from: string): boolean {
  return ["metric", "carbonTons", "emissionFactor", "coverage", "periodSeconds", "readings"].includes(from);
}

/** Percent as typed to a share of one. */
function shareOf(text: string): number | string {
  const number = numberOf(text);
  return typeof number === "number" ? Number((number / 100).toPrecision(12)) : text;
}
