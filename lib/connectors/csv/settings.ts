import { z } from "zod";
import { qualities } from "../../metrics/registry";
import { isTimezone } from "../../time";
import { OFFSET } from "../utc-offset";
import { wrongWithFormat } from "./stamp-format";
import { csvMetrics, csvUnits, isUnitOf } from "./units";

/** A column by the name in its header, or by its number from 1. */
const column = z.string().trim().min(1).max(200);

const value = z
  .strictObject({
    column: column.optional(),
    channel: z.string().trim().max(200).optional(),
    metric: z.enum(csvMetrics),
    unit: z.enum(csvUnits),
    invert: z.boolean().default(false),
  })
  .refine(({ metric, unit }) => isUnitOf(unit, metric), {
    path: ["unit"],
    message: "The unit does not measure this metric.",
  });

/**
 * How a file's columns are read. Wide: every entry of `values` names a `column`. Long: `channelColumn` says which `channel` of `values` a
 * row is of, `valueColumn` holds the number. Several entries of one energy metric are summed; of voltage and current the lowest or highest is
 * kept.
 */
export const csvSettings = z
  .strictObject({
    delimiter: z.enum(["auto", ",", ";", "tab", "|"]).default("auto").meta({
      title: "Delimiter",
      description: "auto, a comma, a semicolon, tab or |. auto finds the one that all lines have alike.",
      placeholder: "auto",
    }),
    decimalMark: z.enum(["auto", ".", ","]).default("auto").meta({
      title: "Decimal mark",
      description: "auto, a point or a comma. Thousands separators are refused.",
      placeholder: "auto",
    }),
    encoding: z.enum(["auto", "utf-8", "windows-1252", "utf-16le", "utf-16be"]).default("auto").meta({
      title: "Encoding",
      description: "auto reads UTF-8, UTF-16 with a byte order mark, and windows-1252 where the beginning is no UTF-8.",
      placeholder: "auto",
    }),
    skipLines: z.int().min(0).max(1_000).default(0).meta({
      title: "Lines before the table",
      description: "How many lines stand before the header, such as an account's name and address.",
      placeholder: "0",
    }),
    noHeader: z.boolean().default(false).meta({
      title: "The first row names no columns",
      description: "Without a header, columns are named by their number from 1.",
    }),
    linesAfterHeader: z.int().min(0).max(100).default(0).meta({
      title: "Lines after the header",
      description: "How many lines stand between the header and the first row, such as one of units.",
      placeholder: "0",
    }),
    stampColumn: column.meta({
      title: "Column of the date and time",
      description: "Its name or number; of the date alone where the time is in a column of its own.",
      placeholder: "Timestamp",
    }),
    timeColumn: column.optional().meta({
      title: "Column of the time",
      description: "Only where date and time are in two columns.",
    }),
    stampFormat: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .default("auto")
      .superRefine((format, context) => {
        const wrong = wrongWithFormat(format);
        if (wrong) context.addIssue({ code: "custom", message: wrong });
      })
      .meta({
        title: "Format of date and time",
        description:
          "auto for ISO 8601, or made of YYYY YY MM M MMM DD D HH H hh h mm ss SSS A Z, X (Unix seconds) and x (milliseconds).",
        placeholder: "DD/MM/YYYY HH:mm",
      }),
    stampIs: z.enum(["start", "end"]).default("start").meta({
      title: "The time is the interval's",
      description: "start or end, as the file's maker defines it.",
      placeholder: "start",
    }),
    timezone: z
      .string()
      .trim()
      .refine(
        (zone) => OFFSET.test(zone) || isTimezone(zone),
        "An IANA zone such as Australia/Sydney or an offset such as +10:00 is needed.",
      )
      .optional()
      .meta({
        title: "Time zone of the file",
        description:
          "An IANA zone or a fixed offset such as +10:00. Leave empty for the meter's. An offset in the stamp itself wins.",
        placeholder: "+10:00",
      }),
    intervalMinutes: z.number().positive().max(1_440).optional().meta({
      title: "Interval length (minutes)",
      description: "Leave empty for the distance that most rows have.",
      placeholder: "30",
    }),
    channelColumn: column.optional().meta({
      title: "Column of the channel",
      description: "For a file with one value a row: the column that says what the value is of.",
    }),
    valueColumn: column.optional().meta({
      title: "Column of the value",
      description: "For a file with one value a row: the column that holds the number.",
    }),
    values: z.array(value).min(1).max(64).meta({
      title: "Values",
      description: "Which column, or channel, is which metric in which unit; invert flips its sign.",
      placeholder: '[{"column": "Import", "metric": "eRealPositiveKwh", "unit": "kWh"}]',
    }),
    qualityColumn: column.optional().meta({
      title: "Column of the quality",
      description: "Without one every value counts as actual.",
    }),
    qualities: z.record(z.string().trim().max(100), z.enum(qualities)).default({}).meta({
      title: "Qualities",
      description:
        "What stands in the quality column, as actual, estimated, substituted, final_substituted or forecast.",
      placeholder: '{"A": "actual", "E": "estimated"}',
    }),
    meterColumn: column.optional().meta({
      title: "Column of the meter",
      description: "For a file of several meters: the column that tells them apart.",
    }),
    meterId: z.string().trim().min(1).max(200).optional().meta({
      title: "Rows of this meter",
      description: "What stands in the meter column in the rows that belong to this meter.",
    }),
    endsWithoutLineBreak: z.boolean().default(false).meta({
      title: "Files end without a line break",
      description: "Otherwise a file whose last line has none is taken for one that was cut off.",
    }),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isLong = settings.channelColumn !== undefined;
    if (isLong !== (settings.valueColumn !== undefined)) {
      refuse(isLong ? "valueColumn" : "channelColumn", "The column of the channel and that of the value go together.");
    }
    if ((settings.meterColumn === undefined) !== (settings.meterId === undefined)) {
      refuse(
        settings.meterColumn === undefined ? "meterColumn" : "meterId",
        "The column of the meter and its rows go together.",
      );
    }
    const names = settings.values.map((each) => (isLong ? each.channel : each.column));
    if (names.some((name) => name === undefined)) {
      refuse("values", isLong ? "Every value needs its channel." : "Every value needs its column.");
    } else if (
      new Set(settings.values.map((each) => `${isLong ? each.channel : each.column}\n${each.metric}`)).size <
      names.length
    ) {
      refuse("values", "A value is named twice.");
    }
    if (settings.values.some((each) => (isLong ? each.column : each.channel) !== undefined)) {
      refuse(
        "values",
        isLong ? "Values are told by their channel, not by a column." : "A channel needs the column of the channel.",
      );
    }
  });

export type CsvSettings = z.output<typeof csvSettings>;
export type CsvValue = CsvSettings["values"][number];
