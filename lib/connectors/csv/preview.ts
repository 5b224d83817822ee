import type { Reading } from "../contract";
import { rawInput } from "../raw-inputs";
import { SourceError } from "../source-error";
import { rankOf } from "../worst-quality";
import { ReadingMaker } from "./reading-maker";
import { type RowOutcome, RowReader } from "./rows";
import type { CsvSettings } from "./settings";
import { openTable } from "./table";

/** What the first rows of a file become with these settings, for a form that shows it while they are edited. */
export interface CsvPreview {
  /** Names of the columns as in the header; null without one. */
  columns: string[] | null;
  /** Minutes an interval lasts, as told or found. */
  intervalMinutes: number | null;
  decimalMark: "." | "," | null;
  rows: CsvPreviewRow[];
  /** Why the file cannot be read at all with these settings; `rows` has what came before. */
  failure: { code: string; message: string } | null;
}

export interface CsvPreviewRow {
  /** From 1, in the file. */
  line: number;
  /** As they stand there. */
  cells: string[];
  /** `reading`: what the row becomes; of a long file with the values of its own channel alone. */
  outcome:
    | { kind: "reading"; reading: Reading }
    | { kind: "rejected"; reason: string }
    /** Of another meter or channel, or without a value. */
    | { kind: "ignored"; reason: string };
}

/**
 * The first rows of a CSV file, read by the very parser that reads the whole. `bytes` may be a file's beginning (`isBeginning`): its last line
 * may be cut, and what the settings leave to be found (delimiter, decimal mark, interval length) is found from it. `timezone` is the meter's. Pure; never throws
 * for what is in the bytes.
 */
export async function previewCsv(
  bytes: Uint8Array,
  settings: CsvSettings,
  rows: number,
  timezone: string,
  isBeginning = true,
): Promise<CsvPreview> {
  const preview: CsvPreview = { columns: null, intervalMinutes: null, decimalMark: null, rows: [], failure: null };
  try {
    const { layout, batches } = await openTable(rawInput("The file", bytes), settings, timezone, isBeginning);
    preview.columns = layout.columns.names ? [...layout.columns.names] : null;
    preview.intervalMinutes = layout.seconds / 60;
    preview.decimalMark = layout.decimalMark;
    const reader = new RowReader(layout, 0, () => true);
    const maker = new ReadingMaker(settings, rows);
    for await (const { fields, lines } of batches) {
      for (const [at, cells] of fields.entries()) {
        if (preview.rows.length >= rows) return preview;
        const line = lines[at] ?? 0;
        preview.rows.push({ line, cells, outcome: shown(reader.read(cells, line), maker) });
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    preview.failure = { code: error.code, message: error.message };
  }
  return preview;
}

function shown(outcome: RowOutcome | undefined, maker: ReadingMaker): CsvPreviewRow["outcome"] {
  if (!outcome) return { kind: "ignored", reason: "The row is not looked at." };
  if (outcome.kind !== "reading") return { kind: outcome.kind, reason: outcome.reason };
  const isReading = maker.add(outcome.start, outcome.seconds, rankOf(outcome.quality), outcome.values);
  if (!isReading) return { kind: "ignored", reason: "The row has no value." };
  const readings = maker.readings();
  return { kind: "reading", reading: readings.readingAt(readings.length - 1) };
}
