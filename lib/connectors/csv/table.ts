import type { RawInput } from "../contract";
import { SourceError } from "../source-error";
import { delimiterOf } from "./delimiter";
import { layoutOf } from "./layout";
import { RecordReader, type Records } from "./records";
import type { Layout } from "./rows";
import type { CsvSettings } from "./settings";
import { decodedText, HEAD_BYTES } from "./text";

/** So many rows decide on decimal mark, interval length and direction. */
const ROWS_LOOKED_AT = 2_000;
const MOST_BLANK = 1024 * 1024;

/** A file's table as it streams by: how it is read, then its rows in batches. */
export interface Table {
  layout: Layout;
  batches: AsyncIterable<Records>;
}

/**
 * Opens a CSV file: finds its encoding, delimiter, header and layout from its beginning. `isBeginning`: the input is only a file's first bytes, and
 * its last line may be cut. Throws SourceError as `decodedText`, `delimiterOf`, `layoutOf` and `RecordReader` do, `EMPTY_BODY`, `HTML_PAGE`,
 * `NOT_CSV`; `CUT_BODY` while the batches are read, where the file ends within a line.
 */
export async function openTable(
  input: RawInput,
  settings: CsvSettings,
  meterTimezone: string,
  isBeginning = false,
): Promise<Table> {
  const { name } = input;
  const texts = decodedText(input, settings.encoding)[Symbol.asyncIterator]();
  const head = await nonBlank(texts);
  if (head === undefined) throw refuse("EMPTY_BODY", `${name} is empty where a CSV file was expected.`);
  assertTable(name, head);
  const reader = new RecordReader(name, delimiterOf(name, head.slice(0, HEAD_BYTES), settings), settings.skipLines);
  const records = recordsOf(reader, head, texts, { name, settings, isBeginning });
  const first = await enough(records, settings);
  const header = first.fields[0];
  if (!header)
    throw refuse("EMPTY_BODY", `${name} has no line after the ${settings.skipLines} lines before the table.`);
  const skipped = settings.noHeader ? 0 : 1 + settings.linesAfterHeader;
  const rows = { fields: first.fields.slice(skipped), lines: first.lines.slice(skipped) };
  const layout = layoutOf(name, header, rows.fields.slice(0, ROWS_LOOKED_AT), settings, meterTimezone);
  return {
    layout,
    batches: (async function* () {
      yield rows;
      yield* { [Symbol.asyncIterator]: () => records };
    })(),
  };
}

async function nonBlank(texts: AsyncIterator<string>): Promise<string | undefined> {
  let head = "";
  for (;;) {
    const next = await texts.next();
    if (next.done || head.length > MOST_BLANK) return undefined;
    head += next.value;
    if (head.trim() !== "") return head.startsWith("\uFEFF") ? head.slice(1) : head;
  }
}

function assertTable(name: string, head: string): void {
  const start = head.trimStart().slice(0, 20);
  if (start.startsWith("<")) throw refuse("HTML_PAGE", `${name} is a web page or XML, not a CSV file.`);
  if (/^[[{]\s*(["[{\]}]|$)/.test(start)) throw refuse("NOT_CSV", `${name} is JSON, not a CSV file.`);
}

async function* recordsOf(
  reader: RecordReader,
  head: string,
  texts: AsyncIterator<string>,
  { name, settings, isBeginning }: { name: string; settings: CsvSettings; isBeginning: boolean },
): AsyncGenerator<Records> {
  let usual = 0;
  const noted = (records: Records) => {
    usual = records.fields.at(-1)?.length ?? usual;
    return records;
  };
  yield noted(reader.read(head));
  for (let next = await texts.next(); !next.done; next = await texts.next()) yield noted(reader.read(next.value));
  if (isBeginning) return;
  const isOpen = reader.isOpen;
  const rest = reader.end();
  const last = rest.fields.at(-1);
  if (isOpen && last && (!settings.endsWithoutLineBreak || (usual > 0 && last.length < usual))) {
    throw refuse(
      "CUT_BODY",
      `${name} ends within its last line: the file was cut off. If files of this source end without a line break, say so in the settings (endsWithoutLineBreak).`,
    );
  }
  yield rest;
}

/** The first records: as many as decide on the layout, or all. */
async function enough(records: AsyncGenerator<Records>, settings: CsvSettings): Promise<Records> {
  const wanted = ROWS_LOOKED_AT + settings.linesAfterHeader + 1;
  const first: Records = { fields: [], lines: [] };
  while (first.fields.length < wanted) {
    const next = await records.next();
    if (next.done) break;
    for (const fields of next.value.fields) first.fields.push(fields);
    for (const line of next.value.lines) first.lines.push(line);
  }
  return first;
}

function refuse(code: string, message: string): SourceError {
  return new SourceError(code, message, { isRetryable: false });
}
