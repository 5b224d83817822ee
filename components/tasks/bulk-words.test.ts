import { expect, it } from "vitest";
import { callsNote, kindsOf, leftAloneWords, recordsBeginWords } from "./bulk-words";

const etl = kindsOf({ tasksByType: { etl: 3 } });
const mrv = kindsOf({ tasksByType: { mrv: 2 } });
const both = kindsOf({ tasksByType: { etl: 3, mrv: 2 } });

it("names the stages of records where an order holds MRV tasks, and only there", () => {
  expect(recordsBeginWords(etl)).toBeNull();
  expect(recordsBeginWords(mrv)).toMatch(/^They begin at extraction, .* verification\. Submission waits/);
  expect(recordsBeginWords(both)).toMatch(/^MRV tasks begin at extraction/);
});

it("offers the stages of collecting where something collects, and where nothing is selected at all", () => {
  expect([etl, mrv, both].map((kinds) => kinds.etl)).toEqual([true, false, true]);
  expect(kindsOf({ tasksByType: {} })).toEqual({ etl: true, mrv: false });
});

it("says why tasks are left alone", () => {
  expect(leftAloneWords("retry", etl)).not.toContain("record");
  expect(leftAloneWords("retry", both)).toContain("page of their record");
  expect(leftAloneWords("cancel", mrv)).toBe("Finished, or their record is decided on");
  expect(leftAloneWords("cancel", etl)).toBe("Finished");
});

it("speaks of a vendor's calls only where something collects", () => {
  expect(callsNote(0, mrv)).toBe("Records are made of stored readings");
  expect(callsNote(0, both)).toBe("Archived bytes are used");
  expect(callsNote(2, etl)).toBe("At most; neighbours share a call");
});
