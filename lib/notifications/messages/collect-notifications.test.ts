import { asc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { announcements, incidents, notificationChannels, notifications } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { watchIncidents } from "../incidents/watch-incidents";
import { aChannel } from "../testing/channels";
import { collectNotifications, MOST_A_DAY } from "./collect-notifications";
import { mailText, slackBody } from "./render";

const database = testDatabase();
const start = new Date("2026-07-10T02:00:00Z");
const minute = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const collect = (minutes: number) =>
  collectNotifications(database.db, { now: minute(minutes), consoleUrl: "https://meters.example" });
const messages = () => database.db.select().from(notifications).orderBy(asc(notifications.createdAt));
const titles = async () => (await messages()).map(({ title }) => title);

beforeEach(async () => {
  await database.db.execute(sql`truncate incidents, notification_channels, meter_jobs, meters cascade`);
});

async function opens(subject: string, minutes: number, values: Partial<typeof incidents.$inferInsert> = {}) {
  const at = minute(minutes);
  await database.db.insert(incidents).values({
    kind: "late",
    subjectId: subject,
    subjectName: subject,
    openedAt: at,
    detectedAt: at,
    lastSeenAt: at,
    weight: 1,
    ...values,
  });
}
const closes = (subject: string, minutes: number, outcome: "healed" | "ended" = "healed") =>
  database.db
    .update(incidents)
    .set({ closedAt: minute(minutes), outcome })
    .where(sql`subject_id = ${subject} and closed_at is null`);

/** Every minute, as the function does; over many hours in longer steps. */
async function runFrom(from: number, to: number, each?: (at: number) => Promise<unknown>, step = 1) {
  for (let at = from; at <= to; at += step) {
    await each?.(at);
    await collect(at);
  }
}

describe("grouping", () => {
  it("makes one message of a thousand late meters, and none of the second look", async () => {
    await aChannel(database.db);
    await database.db.execute(sql`
      with m as (
        insert into meters (name, type, data_source_type, data_source, data_credentials, credentials_key_id, account_key,
          credential_hint, timezone, newest_reading_at)
        select 'Meter ' || lpad(n::text, 4, '0'), 'WattWatchers', 'API', n::text, '', '', 'a', '', 'UTC', ${minute(-900).toISOString()}
        from generate_series(1, 1000) n returning id
      )
      insert into meter_jobs (name, meter_id, type, start_at, anchor_at, next_interval_at, interval, timezone, delay_seconds, reread_intervals)
      select 'Hourly', id, 'etl', '2026-01-01', '2026-01-01', '2026-01-01', 'PT1H', 'UTC', 0, 0 from m`);
    expect(await watchIncidents(database.db, start)).toEqual({ opened: 1000, closed: 0 });
    expect(await collect(0)).toBe(0);
    expect(await collect(2)).toBe(1);
    for (let at = 2; at < 120; at += 7) {
      await watchIncidents(database.db, minute(at));
      await collect(at);
    }
    const [message, ...others] = await messages();
    expect(others).toEqual([]);
    expect(message?.title).toBe("1,000 meters late");
    const [late] = message?.content.changes ?? [];
    expect(late).toMatchObject({ count: 1000, url: "https://meters.example/meters?state=late" });
    expect(late?.subjects.map(({ name }) => name)).toEqual(
      ["0001", "0002", "0003", "0004", "0005"].map((number) => `Meter ${number}`),
    );
    expect(message && mailText(message.content)).toContain("and 995 more");
    expect(await database.db.$count(announcements)).toBe(1000);
  });

  it("waits two minutes for what else happens, and says together what opened and what healed", async () => {
    await aChannel(database.db);
    for (const name of ["a", "b", "c"]) await opens(name, 0);
    await collect(1);
    expect(await titles()).toEqual([]);
    await opens("task", 1, { kind: "failed" });
    await collect(2);
    expect(await titles()).toEqual(["3 meters late, failed tasks on 1 meter"]);

    for (const name of ["a", "b"]) await closes(name, 20);
    await opens("d", 21);
    await runFrom(20, 60);
    expect(await titles()).toEqual(["3 meters late, failed tasks on 1 meter", "1 meter late, 2 healed"]);
    expect((await messages())[1]?.createdAt).toEqual(minute(22));
    await closes("c", 70);
    await runFrom(70, 90);
    expect((await titles())[2]).toBe("1 meter fresh again");
  });

  it("says nothing of what came and went within the two minutes, or ended because nobody asks any more", async () => {
    await aChannel(database.db);
    await opens("blip", 0);
    await closes("blip", 1);
    await opens("paused", 1);
    await runFrom(1, 20);
    expect(await titles()).toEqual(["1 meter late"]);
    await closes("paused", 21, "ended");
    await runFrom(21, 200, undefined, 10);
    expect(await titles()).toHaveLength(1);
    await opens("paused", 201);
    await runFrom(201, 210);
    expect(await titles()).toEqual(["1 meter late", "1 meter late"]);
  });

  it("tells each channel only of its kinds, and of healing only where it wants to hear of it", async () => {
    const quota = await aChannel(database.db, { kinds: ["quota_spent"] });
    const worse = await aChannel(database.db, { sendsHealed: false });
    await aChannel(database.db, { isPaused: true });
    await opens("dock", 0);
    await runFrom(0, 10);
    await closes("dock", 11);
    await runFrom(11, 200, undefined, 10);
    expect(await messages()).toMatchObject([{ channelId: worse.id, title: "1 meter late" }]);
    await opens("key", 201, { kind: "quota_spent" });
    await runFrom(201, 210);
    expect((await messages()).map(({ channelId }) => channelId)).toEqual(expect.arrayContaining([worse.id, quota.id]));
  });

  it("tells a channel that was paused what is different when it is back", async () => {
    const channel = await aChannel(database.db);
    const pause = (isPaused: boolean) =>
      database.db.update(notificationChannels).set({ isPaused }).where(eq(notificationChannels.id, channel.id));
    await opens("a", 0);
    await runFrom(0, 5);
    await pause(true);
    await closes("a", 10);
    await opens("b", 11);
    await runFrom(10, 60);
    await pause(false);
    await runFrom(61, 70);
    expect(await titles()).toEqual(["1 meter late", "1 meter late, 1 healed"]);
  });
});

describe("never a flood", () => {
  it("of a meter that comes and goes: prompt at first, then once an hour at most", async () => {
    await aChannel(database.db);
    let isOpen = false;
    // Six hours, late for four minutes of every eight.
    await runFrom(0, 360, async (at) => {
      if (at % 8 === 0 && !isOpen) await opens("flapping", at);
      if (at % 8 === 4 && !isOpen) return;
      if (at % 8 === 4) await closes("flapping", at);
      isOpen = at % 8 < 4;
    });
    const made = await messages();
    expect(made.slice(0, 2).map(({ title }) => title)).toEqual(["1 meter late", "1 meter fresh again"]);
    const times = made.slice(1).map(({ createdAt }) => createdAt.getTime());
    for (let index = 1; index < times.length; index += 1) {
      expect((times[index] ?? 0) - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(3_600_000);
    }
    expect(made.length).toBeGreaterThan(4);
    expect(made.length).toBeLessThanOrEqual(8);
  });

  it("of a job that fails again and again: once, and once a day while it grows", async () => {
    await aChannel(database.db);
    await opens("roof", 0, { kind: "failed", newestAt: minute(0) });
    const grow = (at: number) => database.db.update(incidents).set({ worsenedAt: minute(at - 1) });
    await runFrom(0, 2_000, (at) => (at === 0 ? Promise.resolve() : grow(at)), 20);
    expect(await titles()).toEqual(["Failed tasks on 1 meter", "More failed tasks on 1 meter"]);
  });

  it("of meters that fail one after another: ten minutes between messages, a day's most, then one that sums up", async () => {
    await aChannel(database.db);
    // From 02:00 UTC until the next morning.
    await runFrom(0, 1_500, (at) => opens(`m${at}`, at), 5);
    const made = await messages();
    const times = made.map(({ createdAt }) => createdAt.getTime());
    for (let index = 1; index < times.length; index += 1) {
      expect((times[index] ?? 0) - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(600_000);
    }
    const firstDay = made.filter(({ createdAt }) => createdAt < new Date("2026-07-11T00:00:00Z"));
    expect(firstDay).toHaveLength(MOST_A_DAY);
    expect(firstDay.at(-1)?.content.note).toContain("the last one");
    expect(firstDay.at(-2)?.content.note).toBeNull();
    const summary = made[MOST_A_DAY];
    expect(summary?.type).toBe("summary");
    expect(summary?.createdAt).toEqual(new Date("2026-07-11T00:00:00Z"));
    const told = made.reduce((sum, { content }) => sum + (content.changes[0]?.count ?? 0), 0);
    expect(told).toBe(await database.db.$count(announcements));
    expect(made[MOST_A_DAY + 1]?.type).toBe("incidents");
  });
});

it("records a message once, however many collect at the same time", async () => {
  await aChannel(database.db);
  for (const name of ["a", "b"]) await opens(name, 0);
  const recorded = await Promise.all([collect(2), collect(2), collect(2)]);
  expect(recorded.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await messages()).toHaveLength(1);
});

it("takes names of meters as text in Slack's markup", async () => {
  await aChannel(database.db);
  await opens("m", 0, { subjectName: "<!channel> & co" });
  await collect(2);
  const [message] = await messages();
  const body = message ? slackBody(message.content) : "";
  expect(body).not.toContain("<!channel>");
  expect(JSON.parse(body)).toMatchObject({ text: "1 meter late", blocks: expect.any(Array) });
});
