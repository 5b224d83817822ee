import type { SettingField } from "@/lib/meters/form-options";
import type { MeterDto } from "@/lib/meters/schemas";

/** What the form holds: texts as typed. Settings and S3 fields are flat, by `settings.<name>`, `s3.<name>`, `aws.<name>`. */
export type MeterValues = Record<string, string>;

export function valuesOf(meter: MeterDto | null, defaultTimezone: string, type: string): MeterValues {
  if (!meter) return { type, dataSourceType: "", timezone: defaultTimezone, region: "", capacityKw: "" };
  const { s3, ...own } = meter.settings;
  const flat = (prefix: string, record: unknown) =>
    Object.entries((record ?? {}) as Record<string, unknown>).map(([name, value]) => [
      `${prefix}.${name}`,
      textOf(value),
    ]);
  return {
    name: meter.name,
    type: meter.type,
    dataSourceType: meter.dataSourceType,
    dataSource: meter.dataSource,
    timezone: meter.timezone,
    region: meter.region ?? "",
    capacityKw: meter.capacityKw === null ? "" : String(meter.capacityKw),
    // Stored without a word on it, a file's times are starts; only of a new mapping is that to be asked.
    ...(meter.type === "CSV" && { "csv.isStored": "on" }),
    ...Object.fromEntries([...flat("settings", own), ...flat("s3", s3)]),
  };
}

/** As the form shows a setting: lists with commas between, what has parts of its own as JSON, a switch as it is sent. */
function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "";
  const isPlainList = Array.isArray(value) && value.every((each) => typeof each !== "object");
  if (isPlainList) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

/** The verbs' input. What cannot be read as a number stays text, so that the schema refuses it at its field. */
export function inputOf(
  values: MeterValues,
  fields: readonly SettingField[],
  isEdit: boolean,
): Record<string, unknown> {
  const text = (name: string) => values[name]?.trim() ?? "";
  const isS3 = text("dataSourceType") === "S3";
  // What was typed for another source before stays in the form, and out of a meter that asks none.
  const isUpload = text("dataSourceType") === "UPLOAD";
  const settings = settingsOf(values, fields);
  if (isS3) settings.s3 = compact({ prefix: text("s3.prefix"), pattern: text("s3.pattern") });
  const credentials = isS3 ? s3Credentials(values) : text("dataCredentials");
  return {
    name: text("name"),
    type: text("type"),
    dataSourceType: text("dataSourceType"),
    ...(!isUpload && { dataSource: text("dataSource") }),
    ...(!isUpload && (credentials || !isEdit) && { dataCredentials: credentials }),
    timezone: text("timezone"),
    region: text("region") || null,
    capacityKw: text("capacityKw") === "" ? null : numberOf(text("capacityKw")),
    settings,
  };
}

/** The type's own settings; an empty field is one that is left out. */
export function settingsOf(values: MeterValues, fields: readonly SettingField[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[`settings.${field.name}`]?.trim() ?? "";
    if (value !== "") settings[field.name] = settingOf(field, value);
  }
  return settings;
}

function s3Credentials(values: MeterValues): string {
  if (values["aws.mode"] === "json") return values["aws.json"]?.trim() ?? "";
  const names = ["accessKeyId", "secretAccessKey", "region", "endpoint", "sessionToken"];
  const given = compact(Object.fromEntries(names.map((name) => [name, values[`aws.${name}`]?.trim() ?? ""])));
  if (Object.keys(given).length === 0) return "";
  return JSON.stringify({ ...given, ...(values["aws.forcePathStyle"] === "on" && { forcePathStyle: true }) });
}

/** Numbers may also stand with spaces between; a name may hold them. */
export function listParts(kind: SettingField["kind"], text: string): string[] {
  const parts = text.split(kind === "number-list" ? /[\s,;]+/ : /[,;\n]/);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** What was typed, as the schema takes it. */
export function settingOf(field: SettingField, value: string): unknown {
  switch (field.kind) {
    case "number":
      return numberOf(value);
    case "number-list":
      return listParts(field.kind, value).map(numberOf);
    case "text-list":
      return listParts(field.kind, value);
    case "switch":
      return value === "on";
    case "json":
      return jsonOf(value);
    case "text":
    case "choice":
      return value;
  }
}

function numberOf(text: string): number | string {
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : text;
}

/** Of what is no JSON the text, so that the schema refuses it at its field. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function compact(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ""));
}
