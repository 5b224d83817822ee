import type { RawInput } from "../contract";
import { byteLinesOf, lineText } from "../lines";
import { SourceError } from "../source-error";

export type RecordKind = "100" | "200" | "300" | "400" | "500" | "900";

/** One record, its fields trimmed and without quotation marks. */
export interface Nem12Record {
  kind: RecordKind;
  /** Number of its first line, from 1. */
  line: number;
  readonly fields: string[];
  /** The same record read with a comma at every line break, where the breaks leave both readings open. */
  otherFields?: string[];
  /** The record as it stands, where it is one line that begins `300,20040201,` and has no quotation mark. */
  plain?: Uint8Array;
}

/** Splitting a day into three hundred texts takes longer than reading its numbers, and few days need it. */
class PlainDay implements Nem12Record {
  readonly kind = "300";
  private split: string[] | undefined;

  constructor(
    readonly line: number,
    readonly plain: Uint8Array,
  ) {}

  get fields(): string[] {
    this.split ??= fieldsOf(lineText(this.plain).trim());
    return this.split;
  }
}

/** A 300 record that may go on in the lines after it. */
interface OpenDay {
  line: number;
  /** Its first line, where that is a plain one; not among the parts before somebody asks whether it goes on. */
  plain?: Uint8Array;
  parts: string[];
}

/** A value a line is the finest break there can be; a file of nothing but values must not gather in memory. */
const MOST_PARTS = 300;

/** A line that is no record and continues none. `isStream`: it set out to be a 200 record. */
export interface StrayLine {
  kind: "stray";
  line: number;
  isStream: boolean;
}

/**
 * What a record's line looks like, strictly: a broken interval record goes on with values, and a value can be 300.
 * Field 9 of a 200 record is the interval length, field 8 the unit, which can be empty.
 */
const SHAPES: Record<RecordKind, RegExp> = {
  "100": /^"?100"?\s*,\s*"?NEM1\d/i,
  "200": /^"?200"?\s*,([^,]*,){6}[^,\d]*,\s*"?\d{1,2}"?\s*(,|$)/,
  "300": /^"?300"?\s*,\s*"?\d{8}"?\s*(,|$)/,
  "400": /^"?400"?\s*,\s*"?\d{1,4}"?\s*,\s*"?\d{1,4}"?\s*,\s*"?[AENSF]/i,
  "500": /^"?500"?\s*,\s*"?[A-Z]/i,
  "900": /^"?900"?[\s,]*$/,
};

/**
 * The records of a file, interval records joined where they are broken across lines; blank lines and lines of commas
 * are skipped. Throws SourceError when the beginning is not that of a NEM12 file.
 */
export async function* readRecords(input: RawInput): AsyncIterable<Nem12Record | StrayLine> {
  let open: OpenDay | undefined;
  let line = 0;
  let hasBegun = false;
  for await (const bytes of byteLinesOf(input.name, input.chunks())) {
    line += 1;
    if (hasBegun && isPlainDay(bytes)) {
      if (open) yield joined(open);
      open = { line, plain: bytes, parts: [] };
      continue;
    }
    const trimmed = lineText(bytes).trim();
    if (/^[\s,]*$/.test(trimmed)) continue;
    const kind = kindOf(trimmed);
    if (!hasBegun) {
      assertBeginning(input.name, line, kind, trimmed);
      hasBegun = true;
    }
    if (!kind) {
      if (open && goesOn(open, trimmed)) open.parts.push(trimmed);
      else {
        if (open) yield joined(open);
        open = undefined;
        yield { kind: "stray", line, isStream: /^"?200"?\s*(,|$)/.test(trimmed) };
      }
      continue;
    }
    if (open) yield joined(open);
    open = undefined;
    if (kind === "300") open = { line, parts: [trimmed] };
    else yield { kind, line, fields: fieldsOf(trimmed) };
  }
  if (open) yield joined(open);
  if (!hasBegun) {
    throw new SourceError("EMPTY_BODY", `${input.name} is empty where a NEM12 file was expected.`, {
      isRetryable: false,
    });
  }
}

const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
/** Of `300,20040201,`. */
export const PLAIN_VALUES_AT = 13;

/** What most lines of a file are, told without decoding them: see `Nem12Record.plain`. */
function isPlainDay(bytes: Uint8Array): boolean {
  const isBeginning = bytes[0] === ZERO + 3 && bytes[1] === ZERO && bytes[2] === ZERO && bytes[3] === COMMA;
  if (!isBeginning || bytes[PLAIN_VALUES_AT - 1] !== COMMA) return false;
  for (let at = 4; at < PLAIN_VALUES_AT - 1; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  return !bytes.includes(QUOTE);
}

/** Whether a line continues the record; decodes a plain one where one may. */
function goesOn(open: OpenDay, line: string): boolean {
  if (open.plain && open.parts.length === 0) open.parts.push(lineText(open.plain).trim());
  return open.parts.length < MOST_PARTS && mayContinue(open.parts, line);
}

function kindOf(line: string): RecordKind | undefined {
  const start = line.startsWith('"') ? line.slice(1, 4) : line.slice(0, 3);
  return isKind(start) && SHAPES[start].test(line) ? start : undefined;
}

function isKind(start: string): start is RecordKind {
  return start in SHAPES;
}

/** Values go on as long as no quality has come; after it only a tail of dates and commas can follow, or the rest of a date. */
function mayContinue(parts: readonly string[], line: string): boolean {
  const isTail = /^,|^(\d{12}|\d{14})\s*(,|$)/.test(line) || goesOnWithDate(parts.at(-1) ?? "", line);
  const hasQuality = parts.some((part) => /,\s*"?[AENSFV](\d\d)?"?\s*(,|$)/i.test(part));
  return hasQuality ? isTail : /^[\d.,+\-\s"]|^[AENSFV](\d\d)?(,|$)/i.test(line);
}

const LONGEST_TIME = 14;

/** Whether the digits at the break are one time: `…,2` and `0050310182204`. */
function goesOnWithDate(part: string, line: string): boolean {
  const before = /,(\d+)$/.exec(part)?.[1];
  const after = /^(\d+)\s*(,|$)/.exec(line)?.[1];
  return before !== undefined && after !== undefined && before.length + after.length === LONGEST_TIME;
}

/**
 * A break can stand for a comma, beside a comma, or in the middle of a value. Beside a comma there is nothing to
 * decide; otherwise both readings are given and the number of values decides.
 */
function joined({ line, plain: only, parts }: OpenDay): Nem12Record {
  if (only && parts.length <= 1) return new PlainDay(line, only);
  const first = parts[0] ?? "";
  if (parts.length === 1) return { kind: "300", line, fields: fieldsOf(first) };
  let plain = first;
  let withCommas = first;
  for (const part of parts.slice(1)) {
    const isClear = plain.endsWith(",") || part.startsWith(",");
    plain += part;
    withCommas += isClear ? part : `,${part}`;
  }
  const fields = fieldsOf(plain);
  return plain === withCommas
    ? { kind: "300", line, fields }
    : { kind: "300", line, fields, otherFields: fieldsOf(withCommas) };
}

/** Trimmed, without quotation marks; a comma between them belongs to the text of its field. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",").map((field) => field.trim());
  const fields = line.match(/(?<=^|,)(\s*"[^"]*"\s*|[^,]*)(?=,|$)/g) ?? [];
  return fields.map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );
}

function assertBeginning(name: string, line: number, kind: RecordKind | undefined, text: string): void {
  if (text.startsWith("<")) {
    throw new SourceError("HTML_PAGE", `${name} is a web page or XML, not a NEM12 file.`, { isRetryable: false });
  }
  if (kind === "100" && !/^"?100"?\s*,\s*"?NEM12/i.test(text)) {
    throw notNem12(name, "its header names another format (NEM13 holds accumulated reads, not intervals)");
  }
  if (kind === "100" || kind === "200") return;
  throw notNem12(name, `line ${line} is neither a header (100) nor the start of a stream (200)`);
}

export function notNem12(name: string, why: string): SourceError {
  return new SourceError("NOT_NEM12", `${name} is no NEM12 file: ${why}.`, { isRetryable: false });
}
