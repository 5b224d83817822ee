import type { CsvColumn, CsvDetection } from "@/lib/connectors/csv/detect";
import { type CsvMetric, type CsvUnit, csvUnits, isUnitOf } from "@/lib/connectors/csv/units";
import type { MeterValues } from "../meter-values";

/** A value of the mapping while it is edited: what is not chosen yet is not there. */
export interface MappedValue {
  column?: string;
  channel?: string;
  metric?: CsvMetric;
  unit?: CsvUnit;
  invert?: boolean;
}

export const setting = (name: string) => `settings.${name}`;

/** Values are kept in the form as the JSON they are sent as. */
export function mappedValues(values: MeterValues): MappedValue[] {
  const list = parsed(values[setting("values")]);
  return Array.isArray(list) ? list : [];
}

/** By the word that stands in the quality column. */
export function mappedQualities(values: MeterValues): Record<string, string> {
  const record = parsed(values[setting("qualities")]);
  return typeof record === "object" && record !== null && !Array.isArray(record) ? record : {};
}

function parsed(text: string | undefined) {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isLong(values: MeterValues): boolean {
  return values["csv.layout"] === undefined
    ? Boolean(values[setting("channelColumn")])
    : values["csv.layout"] === "long";
}

/** How the settings name a column: by its name, or by its number where it has none or shares it. */
export function columnName(column: CsvColumn, all: readonly CsvColumn[]): string {
  const isOnly = all.filter(({ name }) => name?.toLowerCase() === column.name?.toLowerCase()).length === 1;
  return column.name && isOnly ? column.name : String(column.number);
}

export function unitsOf(metric: CsvMetric | undefined): readonly CsvUnit[] {
  return metric === undefined ? csvUnits : csvUnits.filter((unit) => isUnitOf(unit, metric));
}

/**
 * What a detection is sure of, as the form holds it. What it leaves open (day before month, start or end, a unit that no name tells)
 * stays empty, for a person to choose.
 */
export function mappingOf(found: CsvDetection): MeterValues {
  const { stamp, channels, columns } = found;
  const isLongFile = channels?.isLikely === true;
  const quality = isLongFile
    ? undefined
    : columns.find(
        ({ kind, words, name }) => kind === "text" && words.length > 0 && /qual|status|flag/i.test(name ?? ""),
      );
  return {
    "csv.layout": isLongFile ? "long" : "wide",
    [setting("delimiter")]: found.delimiter,
    [setting("decimalMark")]: found.decimalMark ?? "",
    [setting("encoding")]: "",
    [setting("skipLines")]: found.skipLines > 0 ? String(found.skipLines) : "",
    [setting("linesAfterHeader")]: "",
    [setting("noHeader")]: found.noHeader ? "on" : "",
    [setting("stampColumn")]: stamp?.stampColumn ?? "",
    [setting("timeColumn")]: stamp?.timeColumn ?? "",
    [setting("stampFormat")]: stamp && stamp.otherFormats.length === 0 ? stamp.stampFormat : "",
    [setting("stampIs")]: "",
    [setting("intervalMinutes")]: "",
    [setting("channelColumn")]: isLongFile ? channels.column : "",
    [setting("valueColumn")]: isLongFile ? channels.valueColumn : "",
    [setting("values")]: JSON.stringify(isLongFile ? channelValues(channels.values) : columnValues(columns)),
    [setting("qualityColumn")]: quality ? columnName(quality, columns) : "",
    [setting("qualities")]: "",
  };
}

function columnValues(columns: readonly CsvColumn[]): MappedValue[] {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const known = numbers.filter(({ unit }) => unit !== null);
  return (known.length > 0 ? known : numbers.slice(0, 8)).map((column) => ({
    column: columnName(column, columns),
    ...(column.metric && { metric: column.metric }),
    ...(column.unit && { unit: column.unit }),
  }));
}

export function channelValues(channels: readonly string[]): MappedValue[] {
  return channels.map((channel) => ({ channel }));
}

export function stampIs(values: MeterValues): string {
  return values[setting("stampIs")] || (values["csv.isStored"] ? "start" : "");
}

/** What only a person can say, by the setting's name in errors. Empty: the mapping is complete as far as the form can tell. */
export function openQuestions(values: MeterValues, found: CsvDetection | null): Record<string, string> {
  const open: Record<string, string> = {};
  if (stampIs(values) === "") open[setting("stampIs")] = "Choose what the time of a row is.";
  if (!values[setting("stampFormat")] && (found?.stamp?.otherFormats.length ?? 0) > 0) {
    open[setting("stampFormat")] = "Choose the format: these dates can be read in more than one way.";
  }
  for (const [index, { column, channel, metric, unit }] of mappedValues(values).entries()) {
    const name = column ?? channel ?? `value ${index + 1}`;
    if (!metric) open[`${setting("values")}.${index}.metric`] = `Choose what ${name} is.`;
    if (!unit) open[`${setting("values")}.${index}.unit`] = `Choose the unit of ${name}: kWh and kW look alike.`;
  }
  if (mappedValues(values).length === 0) open[setting("values")] = "Choose at least one value.";
  return open;
}
