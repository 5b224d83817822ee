import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isMetricName, qualities } from "../metrics/registry";
import { nominalSeconds } from "../time";
import { template } from "./_template";
import type { Connector, Range, RawInput } from "./contract";
import { listed } from "./listed-for-tests";
import { rawInput } from "./raw-inputs";
import { connectorOf, connectors, credentialsOf, settingsOf } from "./registry";
import { SourceError } from "./source-error";

/** `fixtures/cases.json` of a connector. */
const cases = z.array(
  z.strictObject({
    name: z.string(),
    /** Where the bytes are from and what is special about them. */
    origin: z.string().min(20),
    inputs: z.array(z.strictObject({ file: z.string(), contentType: z.string() })).min(1),
    settings: z.record(z.string(), z.unknown()),
    dataSourceType: z.enum(["API", "S3"]),
    range: z.strictObject({ from: z.coerce.date(), to: z.coerce.date() }),
    expected: z.strictObject({
      readings: z.number(),
      rejects: z.number(),
      /** Of whole metrics, worked out by other means than the parser. */
      sums: z.record(z.string(), z.number()),
    }),
  }),
);
type Case = z.infer<typeof cases>[number];

const here = new URL(".", import.meta.url);

function folderOf(connector: Connector): URL {
  const wanted = connector === erasedTemplate ? "_template" : connector.type.toLowerCase();
  const folder = readdirSync(here).find((name) => name.replaceAll("-", "") === wanted);
  if (!folder) throw new Error(`lib/connectors has no folder for ${connector.type}.`);
  return new URL(`${folder}/fixtures/`, here);
}

const erasedTemplate: Connector = template;

describe.each([...connectors, erasedTemplate].map((connector) => [connector.type, connector] as const))(
  "%s",
  (_, connector) => {
    const fixtures = folderOf(connector);
    const all = cases.parse(JSON.parse(readFileSync(new URL("cases.json", fixtures), "utf8")));
    const bytesOf = (file: string) => readFileSync(new URL(file, fixtures));
    const parseColumns = (inputs: readonly RawInput[], { settings, dataSourceType }: Case, range: Range) =>
      connector.parse(inputs, {
        settings: settingsOf(connector, dataSourceType, settings),
        dataSource: "source",
        dataSourceType,
        timezone: "Australia/Sydney",
        range,
      });
    const parse = (...args: Parameters<typeof parseColumns>) => listed(parseColumns(...args));
    const inputsOf = ({ inputs }: Case) =>
      inputs.map(({ file, contentType }) => rawInput(file, bytesOf(file), contentType));
    const [anyCase] = all;
    if (!anyCase) throw new Error(`${connector.type} has no fixtures.`);

    describe.each(all.map((each) => [each.name, each] as const))("%s", (_name, each) => {
      it("gives what was worked out by other means", async () => {
        const { readings, rejects, rowsRead } = await parse(inputsOf(each), each, each.range);
        expect({ readings: readings.length, rejects: rejects.length }).toEqual({
          readings: each.expected.readings,
          rejects: each.expected.rejects,
        });
        expect(rowsRead).toBeGreaterThan(0);
        for (const [metric, sum] of Object.entries(each.expected.sums)) {
          const values = readings.map((reading) =>
            isMetricName(metric) && metric !== "carbonTons" ? reading[metric] : undefined,
          );
          expect(values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0)).toBeCloseTo(sum, 6);
        }
      });

      it("gives UTC starts in order, once each, inside the range, in metrics it declares", async () => {
        const { readings } = await parse(inputsOf(each), each, each.range);
        let last = Number.NEGATIVE_INFINITY;
        for (const reading of readings) {
          const { startEpochSeconds, durationSeconds, quality, ...values } = reading;
          expect(Number.isSafeInteger(startEpochSeconds)).toBe(true);
          expect(startEpochSeconds).toBeGreaterThan(last);
          expect(startEpochSeconds * 1000).toBeGreaterThanOrEqual(each.range.from.getTime());
          expect(startEpochSeconds * 1000).toBeLessThan(each.range.to.getTime());
          expect(durationSeconds).toBeGreaterThanOrEqual(nominalSeconds(connector.resolution));
          expect(qualities).toContain(quality);
          for (const [name, value] of Object.entries(values)) {
            expect(connector.metrics).toContain(name);
            expect(value === null || Number.isFinite(value)).toBe(true);
          }
          expect(Object.values(values).some((value) => value !== null)).toBe(true);
          const { eRealKwh, eRealPositiveKwh, eRealNegativeKwh } = reading;
          if (
            typeof eRealKwh === "number" &&
            typeof eRealPositiveKwh === "number" &&
            typeof eRealNegativeKwh === "number"
          ) {
            expect(eRealPositiveKwh - eRealNegativeKwh).toBeCloseTo(eRealKwh, 7);
          }
          last = startEpochSeconds;
        }
      });

      it("gives columns that are as long as it has readings", async () => {
        const { readings } = await parseColumns(inputsOf(each), each, each.range);
        const { length, startEpochSeconds, durationSeconds, qualityRanks, values } = readings;
        for (const column of [startEpochSeconds, durationSeconds, qualityRanks, ...values.values()]) {
          expect(column).toHaveLength(length);
        }
      });

      it("is pure, and a narrower range gives exactly the readings inside it", async () => {
        const whole = await parse(inputsOf(each), each, each.range);
        expect(await parse(inputsOf(each), each, each.range)).toEqual(whole);
        const starts = whole.readings.map((reading) => reading.startEpochSeconds * 1000);
        const from = new Date(starts[Math.floor(starts.length / 3)] ?? each.range.from);
        const to = new Date(starts[Math.floor((starts.length * 2) / 3)] ?? each.range.to);
        const narrow = await parse(inputsOf(each), each, { from, to });
        expect(narrow.readings).toEqual(
          whole.readings.filter(
            ({ startEpochSeconds }) =>
              startEpochSeconds * 1000 >= from.getTime() && startEpochSeconds * 1000 < to.getTime(),
          ),
        );
        const before = { from: new Date("1999-01-01T00:00:00Z"), to: new Date("1999-01-02T00:00:00Z") };
        expect((await parse(inputsOf(each), each, before)).readings).toEqual([]);
      });

      it("refuses the body when it is cut, never giving a part", async () => {
        for (const share of [0.3, 0.5, 0.9]) {
          const cut = each.inputs.map(({ file, contentType }, index) => {
            const bytes = bytesOf(file);
            return rawInput(
              file,
              index === 0 ? bytes.subarray(0, Math.floor(bytes.length * share)) : bytes,
              contentType,
            );
          });
          await expectRefusal(parse(cut, each, each.range));
        }
      });
    });

    it.each([
      ["empty", ""],
      ["blank", " \n"],
      ["a web page", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>"],
      ["another JSON", '{"code":"NOT_PERMITTED","httpCode":403,"message":"No."}'],
      ["a number", "42"],
      ["no text", new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x00, 0x01])],
    ])("refuses a body that is %s", async (_name, body) => {
      const contentType = anyCase.inputs[0]?.contentType;
      await expectRefusal(parse([rawInput("body", body, contentType)], anyCase, anyCase.range));
    });

    it("explains every setting, and refuses an unknown one by name", () => {
      const schema = z.toJSONSchema(connector.settingsSchema, { io: "input" });
      expect(schema.additionalProperties).toBe(false);
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        expect([name, field]).toMatchObject([
          name,
          { title: expect.any(String), description: expect.stringMatching(/\.$/) },
        ]);
      }
      for (const sourceType of connector.sourceTypes) {
        expect(() => settingsOf(connector, sourceType, { chanels: [1] })).toThrow(/chanels/);
      }
      expect(() => settingsOf(connector, "API", { s3: {} })).toThrow(/s3/);
    });

    it("declares durations that can be read, and what its sources need", () => {
      const { resolution, defaultTaskInterval, maxRange, availabilityLag, restatementWindow } = connector;
      for (const duration of [resolution, defaultTaskInterval, maxRange ?? "P1D", availabilityLag, restatementWindow]) {
        expect(nominalSeconds(duration)).toBeGreaterThan(0);
      }
      expect(nominalSeconds(defaultTaskInterval)).toBeLessThanOrEqual(nominalSeconds(maxRange ?? "P10Y"));
      expect(connector.sourceTypes.length).toBeGreaterThan(0);
      const isApi = connector.sourceTypes.includes("API");
      for (const part of ["fetch", "test", "quota", "baseUrl", "credentialsSchema", "dataSourceField"] as const) {
        expect([part, connector[part] !== undefined]).toEqual([part, isApi]);
      }
    });
  },
);

describe("the registry", () => {
  it("finds each type, and lists them for an unknown one", () => {
    for (const connector of connectors) expect(connectorOf(connector.type)).toBe(connector);
    expect(new Set(connectors.map(({ type }) => type)).size).toBe(connectors.length);
    expect(() => connectorOf("Watchers")).toThrow(/Watchers.*WattWatchers.*NEM12/);
    expect(() => connectorOf("Template")).toThrow(/Template/);
  });

  it("sets aside the bucket's own settings, for buckets only", () => {
    const connector = connectorOf("WattWatchers");
    const settings = { channels: [1], s3: { prefix: "a/" } };
    expect(settingsOf(connector, "S3", settings)).toEqual({ channels: [1] });
    expect(() => settingsOf(connector, "API", settings)).toThrow(/s3/);
  });

  it("never repeats a credential that it refuses", () => {
    const read = (text: string) => () => credentialsOf(connectorOf("WattWatchers"), text);
    expect(read(" key_0123456789abcdef ")()).toBe("key_0123456789abcdef");
    expect(read("hush hush")).toThrow(/API key is one word/);
    expect(read("hush hush")).not.toThrow(/hush/);
    expect(() => credentialsOf(connectorOf("NEM12"), "x")).toThrow(/not collected from an API/);
  });
});

async function expectRefusal(parsed: Promise<unknown>): Promise<void> {
  const outcome = await parsed.then(
    (value) => value,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(SourceError);
  if (!(outcome instanceof SourceError)) return;
  expect(outcome.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
  expect(outcome.message).toMatch(/^[A-Za-z].{20,}\.$/);
}
