import { beforeAll, expect, it } from "vitest";
import { deliverFiles } from "../../e2e/simulators/utility/deliver";
import { listed } from "../../lib/connectors/listed-for-tests";
import { rawInput } from "../../lib/connectors/raw-inputs";
import { connectorOf, settingsOf } from "../../lib/connectors/registry";
import { s3SettingsOf } from "../../lib/sources/s3/settings";
import { demoFileSites } from "./demo-sites";

const NOW = Date.parse("2026-11-26T03:00:00Z");
const files = new Map<string, { text: string; at: number }>();
const deliverAt = (now: number) =>
  deliverFiles(
    1,
    {
      putAt: (key) => files.get(key)?.at,
      put: async (key, text) => void files.set(key, { text, at: now }),
    },
    now,
  );

beforeAll(async () => {
  await deliverAt(NOW);
});

/** Every reading that a demo meter gets out of its files between two instants. */
async function readingsOf(name: RegExp, from: string, to: string) {
  const site = demoFileSites("bucket", 1).find((each) => name.test(each.name));
  if (!site) throw new Error(`The demo has no meter ${name}.`);
  const connector = connectorOf(site.type);
  const { prefix } = s3SettingsOf(site.settings);
  const inputs = [...files].filter(([key]) => key.startsWith(prefix)).map(([key, { text }]) => rawInput(key, text));
  return listed(
    connector.parse(inputs, {
      settings: settingsOf(connector, "S3", site.settings),
      dataSource: "bucket",
      dataSourceType: "S3",
      timezone: site.timezone,
      range: { from: new Date(from), to: new Date(to) },
    }),
  );
}

const sum = (values: (number | null | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);

it("puts what is due, once, and a day's metered values only later, beside the substitutes they replace", async () => {
  const before = new Map(files);
  expect(before.size).toBeGreaterThan(200);
  expect(await deliverAt(NOW + 60_000)).toBe(0);
  const substituted = await readingsOf(/restated/, "2026-11-01T00:00:00Z", "2026-11-26T00:00:00Z");
  expect(await deliverAt(NOW + 4 * 60_000)).toBeGreaterThan(10);
  expect([...files.keys()].filter((key) => !before.has(key)).every((key) => key.endsWith("-metered.csv"))).toBe(true);
  const metered = await readingsOf(/restated/, "2026-11-01T00:00:00Z", "2026-11-26T00:00:00Z");
  expect(metered.readings).toHaveLength(substituted.readings.length);
  const changed = metered.readings.filter((reading, index) => {
    const old = substituted.readings[index];
    return old?.quality === "substituted" && reading.quality === "actual" && old.eRealKwh !== reading.eRealKwh;
  });
  // Eight half hours of every fourth day, of which the newest are still to come.
  expect(changed.length % 8).toBe(0);
  expect(changed.length).toBeGreaterThanOrEqual(32);
});

it("gives every demo meter readings without a reject, as its settings read them", async () => {
  const day = ["2026-11-10T00:00:00Z", "2026-11-15T00:00:00Z"] as const;
  const shapes = [];
  for (const name of [/restated/, /late/, /Green Button/, /gaps/]) {
    const { readings, rejects } = await readingsOf(name, ...day);
    expect(rejects).toEqual([]);
    const taken = sum(readings.map((reading) => reading.eRealPositiveKwh));
    const sent = sum(readings.map((reading) => reading.eRealNegativeKwh));
    const net = sum(readings.map((reading) => reading.eRealKwh));
    expect(taken).toBeGreaterThan(5);
    expect(sent).toBeGreaterThan(5);
    expect(net).toBeCloseTo(taken - sent, 6);
    shapes.push([readings.length, readings[0]?.durationSeconds]);
  }
  expect(shapes).toEqual([
    [240, 1800],
    [240, 1800],
    [120, 3600],
    [expect.any(Number), 900],
  ]);
  // Five days of quarter hours, less a day and some hours.
  expect(shapes[3]?.[0]).toBeLessThan(480);
  expect(shapes[3]?.[0]).toBeGreaterThan(300);
});

it("delivers the late meter's days about a week after they are over", async () => {
  expect((await readingsOf(/late/, "2026-11-17T14:00:00Z", "2026-11-18T14:00:00Z")).readings).toHaveLength(48);
  expect((await readingsOf(/late/, "2026-11-19T14:00:00Z", "2026-11-26T00:00:00Z")).readings).toEqual([]);
});
