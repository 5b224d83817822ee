import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { lastLineEnd } from "../lines";
import { SourceError } from "../source-error";

/** A quotation mark that is never closed would gather the rest of the file. */
const LONGEST_RECORD = 256 * 1024;

/** Records and the numbers of their first lines, from 1, side by side. */
export interface Records {
  fields: string[][];
  lines: number[];
}

/**
 * Splits text that comes in pieces into records. Where a piece has no quotation mark a record is a line, split at the delimiter; the others are
 * read by csv-parse, which is several times slower. Blank records are left out.
 */
export class RecordReader {
  private rest = "";
  private line = 1;

  constructor(
    private readonly name: string,
    private readonly delimiter: string,
    private linesToSkip: number,
  ) {}

  /** The records that are whole by now. */
  read(piece: string): Records {
    let text = this.rest + piece;
    // A carriage return at the end can be half of a line end.
    const end = lastLineEnd(text);
    this.rest = text.slice(end);
    text = this.skipped(text.slice(0, end));
    const balanced = text.includes('"') ? endOfBalanced(text) : text.length;
    this.rest = text.slice(balanced) + this.rest;
    if (this.rest.length > LONGEST_RECORD) {
      throw this.broken(balanced < text.length ? "a quotation mark is never closed" : `line ${this.line} never ends`);
    }
    const whole = text.slice(0, balanced);
    return whole.includes('"') ? this.parsed(whole) : this.split(whole);
  }

  /** The last record, if the text did not end with a line break. */
  end(): Records {
    const text = this.skipped(this.rest.endsWith("\r") ? `${this.rest}\n` : this.rest);
    this.rest = "";
    if (!text.includes('"')) return this.split(text);
    if (endOfBalanced(`${text}\n`) <= text.length) {
      throw new SourceError(
        "CUT_BODY",
        `${this.name} ends within quotation marks: the file was cut off. Supply it again.`,
        {
          isRetryable: false,
        },
      );
    }
    return this.parsed(text);
  }

  /** Whether something follows the last line break. */
  get isOpen(): boolean {
    return this.rest.trim() !== "" && !this.rest.endsWith("\r");
  }

  private skipped(text: string): string {
    let at = 0;
    while (this.linesToSkip > 0 && at < text.length) {
      const next = text.slice(at).search(/\r\n?|\n/);
      if (next < 0) break;
      at += next + (text.startsWith("\r\n", at + next) ? 2 : 1);
      this.linesToSkip -= 1;
      this.line += 1;
    }
    return this.linesToSkip > 0 ? "" : text.slice(at);
  }

  private split(text: string): Records {
    const records: Records = { fields: [], lines: [] };
    if (text === "") return records;
    const lines = text.includes("\r") ? text.split(/\r\n?|\n/) : text.split("\n");
    const hasEnd = lines.at(-1) === "";
    const count = hasEnd ? lines.length - 1 : lines.length;
    for (let at = 0; at < count; at++) {
      const fields = (lines[at] ?? "").split(this.delimiter);
      if (!isBlank(fields)) {
        records.fields.push(fields);
        records.lines.push(this.line + at);
      }
    }
    this.line += count;
    return records;
  }

  private parsed(text: string): Records {
    const records: Records = { fields: [], lines: [] };
    if (text === "") return records;
    let found: string[][];
    try {
      found = parse(this.withoutFormulas(text), {
        delimiter: this.delimiter,
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        max_record_size: LONGEST_RECORD,
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const line = typeof error.lines === "number" ? this.line + error.lines - 1 : this.line;
      throw this.broken(`the quotation marks of line ${line} do not fit together`, error);
    }
    const starts = firstLines(text, this.line);
    for (const [at, record] of found.entries()) {
      if (isBlank(record)) continue;
      records.fields.push(record);
      records.lines.push(starts[at] ?? this.line);
    }
    this.line += lineBreaks(text);
    return records;
  }

  /** `="0123"`: what spreadsheets need to leave a number's zeros alone. */
  private withoutFormulas(text: string): string {
    if (!text.includes('="')) return text;
    const delimiter = this.delimiter === "|" ? "\\|" : this.delimiter;
    return text.replaceAll(new RegExp(`(^|[\\r\\n${delimiter}])="`, "g"), '$1"');
  }

  private broken(what: string, cause?: unknown): SourceError {
    const message = `${this.name} is no CSV file that can be read: ${what}, with ${this.delimiter === "\t" ? "tab" : this.delimiter} for a delimiter.`;
    return new SourceError("CSV_BROKEN", message, { isRetryable: false, cause });
  }
}

function isBlank(fields: readonly string[]): boolean {
  for (const field of fields) if (field !== "" && field.trim() !== "") return false;
  return true;
}

/** After the last line break that stands outside quotation marks. */
function endOfBalanced(text: string): number {
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) isQuoted = !isQuoted;
    else if (!isQuoted && (code === 10 || code === 13)) end = at + 1;
  }
  return end;
}

/** The line on which each record begins: csv-parse counts a carriage return and its line feed within quotation marks as two. */
function firstLines(text: string, first: number): number[] {
  const starts = [first];
  let line = first;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) isQuoted = !isQuoted;
    if (code !== 10 && (code !== 13 || text.charCodeAt(at + 1) === 10)) continue;
    line += 1;
    if (!isQuoted) starts.push(line);
  }
  return starts;
}

function lineBreaks(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}
