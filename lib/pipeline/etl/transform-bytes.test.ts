import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { z } from "zod";
import { connectors } from "../../connectors/registry";
import { archiveObjects, emissionFactors, meters } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { packedFile } from "../../sources/unpack";
import { aJob } from "../../testing/builders";
import { aBatchOf, anApiMeter, aWorker, runStages } from "./testing";
import { transformBytes } from "./transform-bytes";

const database = testDatabase();
const days = ["2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z"];

it("makes a transformed object again from its raw ones and what it says of itself, whatever became of the meter and its factors", async () => {
  const unit = "kg CO2-e/kWh" as const;
  const values = { publisher: "P", edition: "1", region: "NSW", scope: "2", method: "location" as const, unit };
  await database.db
    .insert(emissionFactors)
    .values({ ...values, value: "0.66", source: "test", validFrom: new Date("2026-01-01") });
  const meter = await anApiMeter(database.db, { region: "NSW", settings: { channels: [1], invert: [1] } });
  const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0] ?? "") });
  const worker = await aWorker(database.db, (_device, start) => 0.1 + (start % 3_600) / 1e9);
  await runStages(worker, await aBatchOf(database.db, job, days));
  await database.db.update(meters).set({ settings: {}, region: null }).where(eq(meters.id, meter.id));
  await database.db.delete(emissionFactors);

  const objects = await database.db.select().from(archiveObjects).where(eq(archiveObjects.meterId, meter.id));
  const made = objects.find(({ kind }) => kind === "transformed");
  const raw = objects.filter(({ id }) => made?.inputIds?.includes(id));
  if (made?.origin.kind !== "transformation" || !made.origin.took) throw new Error("It says nothing of itself.");
  expect(made.origin.took).toEqual({
    settings: { channels: [1], invert: [1] },
    dataSource: meter.dataSource,
    dataSourceType: "API",
    timezone: "Australia/Sydney",
    from: "2026-04-04T13:00:00.000Z",
    to: "2026-04-05T14:00:00.000Z",
    until: "2026-04-05T14:00:00.000Z",
    factors: [{ id: expect.any(String), value: "0.66", from: "2026-01-01T00:00:00.000Z", to: null }],
  });
  const files = await Promise.all(
    raw.map(async ({ key, sha256, contentType }) =>
      packedFile(key, contentType, await worker.archive.get(key, sha256)),
    ),
  );
  const { connector, took } = made.origin;
  const again = await transformBytes({ meterId: meter.id, connector, took, files });
  expect(Buffer.from(again.bytes).equals(await worker.archive.get(made.key, made.sha256))).toBe(true);
  // With the meter as it is now it would be another object.
  const other = await transformBytes({ meterId: meter.id, connector, took: { ...took, settings: {} }, files });
  expect(Buffer.from(other.bytes).equals(again.bytes)).toBe(false);
});

it.each(connectors)("keeps no secret among what $type takes: its settings have no place for one", (connector) => {
  const schema = z.toJSONSchema(connector.settingsSchema, { io: "input", unrepresentable: "any" });
  const names = [...JSON.stringify(schema).matchAll(/"properties":\{"|"([A-Za-z0-9_]+)":\{/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => /key|secret|token|password|credential|auth/i.test(name ?? ""))).toEqual([]);
  // What has no name here is refused, not kept.
  expect(connector.settingsSchema.safeParse({ apiKey: "key_0123456789" }).error?.issues).toContainEqual(
    expect.objectContaining({ code: "unrecognized_keys", keys: ["apiKey"] }),
  );
});
