import { expect, it } from "vitest";
import { settingWords } from "./meter-about";

it("says a list of settings in words", () => {
  expect(settingWords("channels", [1, 2, 3])).toBe("1 to 3");
  expect(settingWords("channels", [1, 3, 4])).toBe("1, 3 and 4");
  expect(settingWords("channels", [2])).toBe("2");
  expect(settingWords("channels", undefined)).toBe("all");
  expect(settingWords("invert", [])).toBe("none");
  expect(settingWords("suffixes", ["B1", "E1"])).toBe("B1 and E1");
});

it("says settings that have parts of their own in words", () => {
  const values = [{ column: "Import", metric: "eRealPositiveKwh", unit: "kWh" }];
  expect(settingWords("values", values)).toBe("Import as energy taken (kWh)");
  expect(settingWords("qualities", { A: "actual", E: "estimated" })).toBe("A actual and E estimated");
  expect(settingWords("noHeader", true)).toBe("yes");
});
