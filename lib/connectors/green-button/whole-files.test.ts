import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rawInput } from "../raw-inputs";
import { feed, hours, meterReading, parseFiles, START } from "./testing";
import { decodedXml } from "./xml-text";

const failureOf = (content: string | Uint8Array) =>
  parseFiles(content).then(
    () => "no error",
    (error: unknown) => error,
  );
const whole = feed(meterReading("1", hours(1, 2)));

describe("what is no Green Button file", () => {
  it.each([
    ["nothing", "", "EMPTY_BODY"],
    ["blank lines", "\r\n \r\n", "EMPTY_BODY"],
    ["a web page", "<!DOCTYPE html>\n<html><body>Sign in<br></body></html>", "HTML_PAGE"],
    ["a web page without a type", "<HTML><head></head></HTML>", "HTML_PAGE"],
    ["JSON", '[{"timestamp":1}]', "NOT_XML"],
    ["other XML", "<Configuration><a/></Configuration>", "NOT_GREEN_BUTTON"],
    ["a feed of news", "<feed><entry><title>News</title></entry></feed>", "NOT_GREEN_BUTTON"],
    ["UTF-8 that is none", Buffer.from("<feed><title>\xff\xff</title></feed>", "latin1"), "NOT_TEXT"],
    ["text in an encoding that is not read", '<?xml version="1.0" encoding="EBCDIC-CP-US"?><feed/>', "NOT_TEXT"],
    ["broken XML", "<feed><entry></feed></entry>", "XML_BROKEN"],
  ])("%s is refused as a whole", async (_, content, code) => {
    expect(await failureOf(content)).toMatchObject({ name: "SourceError", code, isRetryable: false });
  });

  it("is cut wherever it ends before its last tag", async () => {
    const bytes = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><!-- é -->\n${whole}`);
    for (let end = 1; end < bytes.length; end += 3) {
      const outcome = await failureOf(bytes.subarray(0, end));
      expect([end, outcome]).toMatchObject([end, { code: "CUT_BODY" }]);
    }
    expect(await failureOf(`${whole}\n\n`)).toBe("no error");
  });
});

describe("crafted XML", () => {
  const laughs = `<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>${whole.replace("Reading 1", "&b;")}`;
  const outside = `<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>${whole.replace("Reading 1", "&x;")}`;

  it.each([
    ["entities that repeat each other", laughs, "XML_FORBIDDEN"],
    ["a file from outside", outside, "XML_FORBIDDEN"],
    ["a document type from outside", `<!DOCTYPE feed SYSTEM "http://u.example/a.dtd">${whole}`, "XML_FORBIDDEN"],
    ["an entity nobody declared", whole.replace("Reading 1", "&lol;"), "XML_BROKEN"],
    ["elements in elements", `<feed>${"<a>".repeat(5_000)}`, "XML_FORBIDDEN"],
    [
      "an element of attributes",
      `<feed ${Array.from({ length: 5_000 }, (_, at) => `a${at}=""`).join(" ")}/>`,
      "XML_FORBIDDEN",
    ],
    ["an endless attribute", `<feed a="${"x".repeat(400_000)}"/>`, "XML_BROKEN"],
    ["an endless text", whole.replace("Reading 1", "x".repeat(400_000)), "XML_FORBIDDEN"],
    ["an endless name", `<feed><${"x".repeat(400_000)}/></feed>`, "XML_BROKEN"],
    ["an endless declaration", `<!DOCTYPE ${"x".repeat(400_000)}>${whole}`, "XML_BROKEN"],
  ])("with %s is refused", async (_, content, code) => {
    expect(await failureOf(content)).toMatchObject({ name: "SourceError", code, isRetryable: false });
  });
});

describe("the writing of a file", () => {
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

  it.each([
    [
      "any prefixes",
      whole.replaceAll(/<(\/?)(?=[A-Za-z])/g, "<$1ns7:").replace("<ns7:feed", '<ns7:feed xmlns:ns7="x"'),
    ],
    ["a byte order mark", `\uFEFF${whole}`],
    ["UTF-16", utf16(whole)],
    [
      "Latin-1",
      Buffer.from(`<?xml version='1.0' encoding='ISO-8859-1'?>${whole.replace("Reading 1", "Zähler é")}`, "latin1"),
    ],
    ["a long comment first", `<!--${"=".repeat(60_000)}-->${whole}`],
    ["values as character data", whole.replaceAll(/<value>(\d+)<\/value>/g, "<value><![CDATA[$1]]></value>")],
    ["space around values", whole.replaceAll(/<(value|start|uom)>(\d+)</g, "<$1>\n  $2\n <")],
    ["stray text between entries", whole.replaceAll("</entry>", "</entry>\\n")],
  ])("may have %s", async (_, content) => {
    expect((await parseFiles(content)).readings).toEqual((await parseFiles(whole)).readings);
    expect((await parseFiles(content)).readings.map(({ startEpochSeconds }) => startEpochSeconds)).toEqual([
      START,
      START + 3600,
    ]);
  });

  it("gives the same whatever pieces it comes in", async () => {
    const bytes = readFileSync(new URL("fixtures/home.xml", import.meta.url));
    for (const size of [1, 7, 199, 4_096]) {
      const input = {
        ...rawInput("home.xml", bytes),
        async *chunks() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        },
      };
      let text = "";
      for await (const piece of decodedXml(input)) text += piece;
      expect(text).toBe(bytes.toString());
    }
  });
});
