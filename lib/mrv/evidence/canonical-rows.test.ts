import { expect, it } from "vitest";
import { canonicalRows, type EvidenceReading, rowsHash } from "./canonical-rows";

const reading: EvidenceReading = {
  ...{ start: "2026-04-05T00:05:00Z", durationSeconds: 300, value: "-0.000001", carbonTons: null },
  ...{ factorId: "01a216f0-5d60-7e40-a54a-7c007544de42", quality: "final_substituted", objectId: "o" },
};

it("writes a line of JSON for each reading behind one that names the metric", () => {
  expect(canonicalRows("eRealKwh", [reading, { ...reading, value: null, factorId: null }])).toBe(
    [
      '{"metric":"eRealKwh"}',
      '["2026-04-05T00:05:00Z",300,"-0.000001",null,"01a216f0-5d60-7e40-a54a-7c007544de42","final_substituted","o"]',
      '["2026-04-05T00:05:00Z",300,null,null,null,"final_substituted","o"]',
      "",
    ].join("\n"),
  );
  expect(rowsHash("eRealKwh", [])).toBe("3f9c0cab21eb7f41c3bcf96fe25dabc990cb18302e08fc8c91321da97b209f2c");
});

it.each(['a"],["b', "back\\slash", "line\nend", "ü", ""])("escapes %j as JSON does", (value) => {
  const [, line] = canonicalRows("eRealKwh", [{ ...reading, value }]).split("\n");
  expect(line).toBe(JSON.stringify([reading.start, 300, value, null, reading.factorId, reading.quality, "o"]));
});
