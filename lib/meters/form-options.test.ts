import { expect, it } from "vitest";
import { meterTypeOptions } from "./form-options";

it("shows every setting of a type with its title and help, lists by what they hold", () => {
  const wattwatchers = meterTypeOptions().find(({ type }) => type === "WattWatchers");
  expect(wattwatchers?.settings.map(({ name, kind }) => [name, kind])).toEqual([
    ["channels", "number-list"],
    ["invert", "number-list"],
  ]);
  expect(wattwatchers?.credential.label).toBe("API key");
  const nem12 = meterTypeOptions().find(({ type }) => type === "NEM12");
  expect(nem12?.settings.map(({ name, kind }) => [name, kind])).toEqual([
    ["nmi", "text"],
    ["suffixes", "text-list"],
    ["utcOffset", "text"],
  ]);
  for (const { settings } of meterTypeOptions()) {
    for (const field of settings) expect([field.title, field.description]).not.toContain("");
  }
});
