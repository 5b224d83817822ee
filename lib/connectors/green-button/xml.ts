import sax, { type SAXParser } from "sax";
import type { RawInput } from "../contract";
import { SourceError } from "../source-error";
import { decodedXml } from "./xml-text";

/** Deeper, wider or longer than any utility writes; a crafted file would fill the memory. */
const DEEPEST = 64;
const MOST_ATTRIBUTES = 64;
const LONGEST_TEXT = 4_096;

/** What is called while a document streams by. Names are without their prefix: every utility has its own. */
export interface XmlVisitor {
  /** The first element; throws where the document is not what it should be. */
  root(name: string): void;
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  /** `text` is the element's own, trimmed; of one with children what stands between them. */
  close(name: string, text: string, line: number): void;
}

/**
 * Reads a document as a stream and builds no tree. Declarations of a document type are refused, so no entity but the five of XML
 * and character references is ever replaced. Throws SourceError: EMPTY_BODY, HTML_PAGE, NOT_TEXT, NOT_XML, CUT_BODY, XML_BROKEN or
 * XML_FORBIDDEN.
 */
export async function readXml(input: RawInput, visitor: XmlVisitor): Promise<void> {
  const { name } = input;
  const parser = sax.parser(true, { position: true });
  const state = listen(parser, name, visitor);
  let isBlank = true;
  for await (const text of decodedXml(input)) {
    if (isBlank) {
      const start = text.trimStart();
      if (start !== "" && !start.startsWith("<")) {
        throw fault("NOT_XML", name, "is no XML, so it is no Green Button file");
      }
      isBlank = start === "";
    }
    parser.write(text);
    if (state.failure) throw broken(name, parser, state.failure);
  }
  if (isBlank) throw fault("EMPTY_BODY", name, "is empty where a Green Button file was expected");
  parser.close();
  if (state.failure || !state.hasRoot) {
    throw fault("CUT_BODY", name, "ends in the middle of its XML: the file was cut off. Supply it again");
  }
}

interface State {
  depth: number;
  hasRoot: boolean;
  failure: Error | undefined;
}

function listen(parser: SAXParser, name: string, visitor: XmlVisitor): State {
  const state: State = { depth: 0, hasRoot: false, failure: undefined };
  const texts: string[] = [];
  let attributes = 0;
  const add = (text: string) => {
    const at = texts.length - 1;
    if (at < 0) return;
    const known = texts[at] ?? "";
    if (known.length + text.length > LONGEST_TEXT && text.trim() !== "") {
      throw forbidden(name, parser, `a text of more than ${LONGEST_TEXT} characters`);
    }
    texts[at] = known.length > LONGEST_TEXT ? known : known + text;
  };
  parser.onerror = (error) => {
    state.failure ??= error;
  };
  parser.ondoctype = (declaration) => {
    if (/^\s*html\b/i.test(declaration)) throw htmlPage(name);
    throw forbidden(name, parser, "a document type declaration");
  };
  parser.onattribute = () => {
    attributes += 1;
    if (attributes <= MOST_ATTRIBUTES) return;
    throw forbidden(name, parser, `more than ${MOST_ATTRIBUTES} attributes in one element`);
  };
  parser.onopentag = (tag) => {
    if (state.failure) return;
    const local = localName(tag.name);
    attributes = 0;
    state.depth += 1;
    if (state.depth > DEEPEST) throw forbidden(name, parser, `elements nested deeper than ${DEEPEST}`);
    if (!state.hasRoot) {
      if (local.toLowerCase() === "html") throw htmlPage(name);
      visitor.root(local);
      state.hasRoot = true;
    }
    texts.push("");
    visitor.open(local, tag.attributes as Record<string, string>, parser.line + 1);
  };
  parser.ontext = add;
  parser.oncdata = add;
  parser.onclosetag = (tag) => {
    if (state.failure) return;
    state.depth -= 1;
    visitor.close(localName(tag), (texts.pop() ?? "").trim(), parser.line + 1);
  };
  return state;
}

function localName(name: string): string {
  const at = name.indexOf(":");
  return at < 0 ? name : name.slice(at + 1);
}

function htmlPage(name: string): SourceError {
  return fault("HTML_PAGE", name, "is a web page, not a Green Button file");
}

function forbidden(name: string, parser: SAXParser, what: string): SourceError {
  return fault(
    "XML_FORBIDDEN",
    name,
    `has ${what} (line ${parser.line + 1}), which no Green Button file needs and is not read`,
  );
}

/** The parser's message is in several lines: what is wrong, then where. */
function broken(name: string, parser: SAXParser, { message }: Error): SourceError {
  const what = message.split("\n", 1)[0]?.replace(/\.$/, "") ?? "";
  return fault("XML_BROKEN", name, `is no well-formed XML at line ${parser.line + 1}: ${what}`);
}

export function fault(code: string, name: string, what: string): SourceError {
  return new SourceError(code, `${name} ${what}.`, { isRetryable: false });
}
