import { describe, expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { aDevice, aJob, aMeter, aTask } from "../testing/builders";
import { fleetList } from "./fleet-list";

const database = testDatabase();
const actor = { kind: "system", name: "test" } as const;
const now = new Date("2026-07-10T02:00:00Z");
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

async function stateOf(
  values: Parameters<typeof aMeter>[1],
  job: Parameters<typeof aJob>[1] | null,
  tasks: Parameters<typeof aTask>[1][] = [],
) {
  const meter = await aMeter(database.db, values);
  if (job) {
    const made = await aJob(database.db, { interval: "PT1H", anchorAt: minutesAgo(6000), ...job, meterId: meter.id });
    for (const [index, task] of tasks.entries()) {
      await aTask(database.db, {
        job: made,
        intervalStart: minutesAgo(600 - index * 60),
        intervalEnd: minutesAgo(540 - index * 60),
        ...task,
      });
    }
  }
  const list = await fleetList({ db: database.db, actor }, { search: meter.name }, now);
  return list.rows.find(({ id }) => id === meter.id);
}

describe("where a meter stands", () => {
  it("is fresh while its newest reading is within lag, delay and interval, and late after", async () => {
    const fresh = await stateOf({ newestReadingAt: minutesAgo(65) }, { delaySeconds: 600 });
    expect(fresh?.state).toBe("fresh");
    const late = await stateOf({ newestReadingAt: minutesAgo(300) }, { delaySeconds: 600 });
    expect(late?.state).toBe("late");
    expect(late?.lateBySeconds).toBeGreaterThan(3600);
  });

  it("is failed when the newest finished task failed, not when an older one did", async () => {
    const meter = { newestReadingAt: minutesAgo(10) };
    expect((await stateOf(meter, {}, [{ state: "succeeded" }, { state: "failed" }]))?.state).toBe("failed");
    expect((await stateOf(meter, {}, [{ state: "failed" }, { state: "succeeded" }]))?.state).toBe("fresh");
  });

  it("waits for quota until the reset, is paused with its jobs, and new without any", async () => {
    const waitUntil = new Date("2026-07-11T00:00:00Z");
    const waiting = await stateOf({ newestReadingAt: minutesAgo(10) }, {}, [
      { state: "waiting", waitReason: "quota", waitUntil },
    ]);
    expect(waiting).toMatchObject({ state: "waiting", waitUntil: waitUntil.toISOString() });
    expect((await stateOf({}, { status: "paused" }))?.state).toBe("paused");
    expect((await stateOf({}, null))?.state).toBe("new");
  });

  it("of uploads is neither new nor late: nothing is ever due", async () => {
    const upload = { dataSourceType: "UPLOAD" as const, type: "CSV" };
    expect((await stateOf(upload, null))?.state).toBe("upload");
    const done = { status: "ended" as const, trigger: "upload" as const };
    expect((await stateOf({ ...upload, newestReadingAt: minutesAgo(6_000) }, done))?.state).toBe("upload");
  });
});

describe("the meters page", () => {
  it("finds by name and by id at the source, and takes % and _ as they are", async () => {
    const wanted = await aMeter(database.db, { name: "Dock 100%_full", dataSource: "D900000000001" });
    await aMeter(database.db, { name: "Dock 100 full" });
    const find = async (search: string) =>
      (await fleetList({ db: database.db, actor }, { search }, now)).rows.map(({ id }) => id);
    expect(await find("100%_")).toEqual([wanted.id]);
    expect(await find("d9000000000")).toEqual([wanted.id]);
  });

  it("tells a meter's device, and finds by it", async () => {
    const device = await aDevice(database.db, { name: "Quay inverter" });
    const meter = await aMeter(database.db, { name: "Behind it", deviceId: device.id });
    const list = await fleetList({ db: database.db, actor }, { search: "quay inv" }, now);
    expect(list.rows).toMatchObject([{ id: meter.id, device: { id: device.id, name: "Quay inverter" } }]);
  });

  it("shows a token only its meters", async () => {
    const mine = await aMeter(database.db, { name: "Mine" });
    const token = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [mine.id] } as const;
    const list = await fleetList({ db: database.db, actor: token }, {}, now);
    expect(list.rows.map(({ id }) => id)).toEqual([mine.id]);
    expect(list.total).toBe(1);
  });
});
