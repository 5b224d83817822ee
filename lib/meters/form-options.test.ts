import { expect, it } from "vitest";
import { meterTypeOptions, s3FormOptions } from "./form-options";

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
  const csv = meterTypeOptions().find(({ type }) => type === "CSV");
  expect(csv?.settings.filter(({ kind }) => kind === "json").map(({ name }) => name)).toEqual(["values", "qualities"]);
  expect(csv?.settings.filter(({ isOptional }) => !isOptional).map(({ name }) => name)).toEqual([
    "stampColumn",
    "values",
  ]);
  const greenButton = meterTypeOptions().find(({ type }) => type === "GreenButton");
  const choices = greenButton?.settings.filter(({ kind }) => kind === "choice");
  expect(choices?.map(({ name, options, whenEmpty }) => [name, options, whenEmpty])).toEqual([
    ["flows", ["both", "delivered", "received"], "both"],
    ["unitWithoutType", ["Wh", "kWh"], null],
  ]);
  const solcast = meterTypeOptions().find(({ type }) => type === "Solcast");
  expect(solcast?.settings.map(({ name, onlySource }) => [name, onlySource])).toEqual([
    ["include", null],
    ["forecastHours", "API"],
    ["dailyCalls", "API"],
  ]);
  for (const { settings } of meterTypeOptions()) {
    for (const field of settings) expect([field.title, field.description]).not.toContain("");
  }
});

it("asks for a bucket and its credential by the schemas of the source, and says what may stay empty", () => {
  const { settings, credentials } = s3FormOptions();
  expect(settings.map(({ name, isOptional }) => [name, isOptional])).toEqual([
    ["prefix", true],
    ["pattern", true],
  ]);
  expect(credentials.filter(({ isOptional }) => !isOptional).map(({ name }) => name)).toEqual([
    "accessKeyId",
    "secretAccessKey",
    "region",
  ]);
  expect(credentials.find(({ name }) => name === "forcePathStyle")?.kind).toBe("switch");
});
