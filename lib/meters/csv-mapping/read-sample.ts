import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Reading } from "../../connectors/contract";
import { type CsvDetection, detectCsv } from "../../connectors/csv/detect";
import { type CsvPreview, type CsvPreviewRow, previewCsv } from "../../connectors/csv/preview";
import { type CsvSettings, csvSettings } from "../../connectors/csv/settings";
import { SourceError } from "../../connectors/source-error";
import type { Ctx } from "../../ctx";
import { type FieldErrors, InvalidInput } from "../../errors";
import { parseInput } from "../../field-errors";
import { type MetricName, metrics } from "../../metrics/registry";
import { firstBytes } from "../../sources/first-bytes";
import { SAMPLE_BYTES } from "./limits";
import { readSampleInput } from "./schemas";

const ROWS_LOOKED_AT = 300;
const ROWS_SHOWN = 12;
const REJECTS_SHOWN = 10;
const LONGEST_CELL = 80;

export interface SampleReading {
  line: number;
  startEpochSeconds: number;
  durationSeconds: number;
  quality: Reading["quality"];
  values: Partial<Record<MetricName, number | null>>;
}

/** What a sample shows, and what its first rows become with settings that are being edited. */
export interface ReadSample {
  /** Of a zip the file that was looked at. */
  entry: string | null;
  found: CsvDetection | null;
  /** Why nothing was found. */
  unreadable: string | null;
  /** What the settings still lack, by field. */
  fields: FieldErrors;
  /** Null while the settings are not complete. */
  preview: {
    metrics: MetricName[];
    intervalMinutes: number | null;
    /** Of the rows looked at. */
    looked: number;
    readings: number;
    rejected: number;
    ignored: number;
    first: SampleReading[];
    rejects: { line: number; reason: string; text: string }[];
    failure: { code: string; message: string } | null;
  } | null;
  /** The last line of a whole file has no line break, and the settings do not say that this is usual. */
  endsOpen: boolean;
}

/**
 * Looks at the beginning of a CSV file: what it seems to be, and what the very parser of the pipeline makes of its first rows with these
 * settings. Nothing is stored. What is wrong with file or settings is an answer, not an error.
 */
export async function readCsvSample(ctx: Ctx, input: z.input<typeof readSampleInput>): Promise<ReadSample> {
  const { sample, isWhole, settings, timezone } = parseInput(readSampleInput, input);
  authorise(ctx.actor, "meters:edit");
  const answer: ReadSample = { entry: null, found: null, unreadable: null, fields: {}, preview: null, endsOpen: false };
  try {
    const { bytes, entry, isBeginning } = await firstBytes(Buffer.from(sample, "base64"), SAMPLE_BYTES, isWhole);
    answer.entry = entry;
    const checked = settingsOf(settings);
    if ("fields" in checked) answer.fields = checked.fields;
    else {
      const preview = await previewCsv(bytes, checked.settings, ROWS_LOOKED_AT, timezone, isBeginning);
      answer.preview = summaryOf(preview);
    }
    const last = bytes.at(-1);
    answer.endsOpen = !isBeginning && last !== 10 && last !== 13 && settings.endsWithoutLineBreak !== true;
    answer.found = await detectCsv(bytes);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    answer.unreadable = error.message;
  }
  return answer;
}

function settingsOf(settings: Record<string, unknown>): { settings: CsvSettings } | { fields: FieldErrors } {
  try {
    return { settings: parseInput(csvSettings, settings, "settings") };
  } catch (error) {
    if (error instanceof InvalidInput) return { fields: error.fields };
    throw error;
  }
}

function summaryOf({ rows, intervalMinutes, failure }: CsvPreview): NonNullable<ReadSample["preview"]> {
  const readings = rows.flatMap((row) => readingOf(row) ?? []);
  const rejects = rows.flatMap(({ line, cells, outcome }) =>
    outcome.kind === "rejected"
      ? [{ line, reason: outcome.reason, text: cells.join(" | ").slice(0, LONGEST_CELL) }]
      : [],
  );
  const present = new Set(readings.flatMap(({ values }) => Object.keys(values)));
  return {
    metrics: metrics.map(({ name }) => name).filter((name) => present.has(name)),
    intervalMinutes,
    looked: rows.length,
    readings: readings.length,
    rejected: rejects.length,
    ignored: rows.length - readings.length - rejects.length,
    first: readings.slice(0, ROWS_SHOWN),
    rejects: rejects.slice(0, REJECTS_SHOWN),
    failure,
  };
}

function readingOf({ line, outcome }: CsvPreviewRow): SampleReading | undefined {
  if (outcome.kind !== "reading") return undefined;
  const { startEpochSeconds, durationSeconds, quality, ...values } = outcome.reading;
  return { line, startEpochSeconds, durationSeconds, quality, values };
}
