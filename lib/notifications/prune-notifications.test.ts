import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { announcements, deliveryAttempts, incidents, notifications } from "../db/schema";
import { testDatabase } from "../db/testing";
import { pruneNotifications } from "./prune-notifications";
import { aChannel } from "./testing/channels";

const database = testDatabase();
const now = new Date("2026-06-01T00:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

async function anIncident(subjectId: string, closedDaysAgo: number | null) {
  const openedAt = daysAgo(900);
  await database.db.insert(incidents).values({
    ...{
      kind: "late",
      subjectId,
      subjectName: subjectId,
      openedAt,
      detectedAt: openedAt,
      lastSeenAt: openedAt,
      weight: 1,
    },
    ...(closedDaysAgo !== null && { closedAt: daysAgo(closedDaysAgo), outcome: "healed" as const }),
  });
}
const subjects = async () => (await database.db.select().from(incidents)).map(({ subjectId }) => subjectId).sort();

it("forgets what ended more than 400 days ago, and nothing that is open, younger or still to be told", async () => {
  const channel = await aChannel(database.db);
  const told = (subjectId: string, isOpen: boolean) =>
    database.db
      .insert(announcements)
      .values({ channelId: channel.id, kind: "late", subjectId, isOpen, announcedAt: daysAgo(700) });
  await anIncident("open for years", null);
  await anIncident("ended lately", 399);
  await anIncident("ended long ago", 401);
  await anIncident("ended and told", 401);
  await told("ended and told", false);
  await anIncident("end not told yet", 401);
  await told("end not told yet", true);

  const aMessage = async (state: "pending" | "delivered" | "failed", days: number) => {
    const createdAt = daysAgo(days);
    const [row] = await database.db
      .insert(notifications)
      .values({
        ...{
          channelId: channel.id,
          type: "incidents",
          title: `${state} ${days}`,
          state,
          giveUpAt: createdAt,
          createdAt,
        },
        content: { type: "incidents", title: state, note: null, url: "http://console.test", changes: [] },
      })
      .returning();
    if (!row) throw new Error("No message.");
    await database.db
      .insert(deliveryAttempts)
      .values({ notificationId: row.id, number: 1, startedAt: createdAt, outcome: "delivered" });
    return row;
  };
  const old = await aMessage("delivered", 401);
  await aMessage("failed", 401);
  await aMessage("pending", 401);
  await aMessage("delivered", 399);

  expect(await pruneNotifications(database.db, now)).toEqual({ incidents: 2, messages: 2, isLeft: false });
  expect(await subjects()).toEqual(["end not told yet", "ended lately", "open for years"]);
  const left = await database.db.select().from(notifications);
  expect(left.map(({ title }) => title).sort()).toEqual(["delivered 399", "pending 401"]);
  expect(
    await database.db.select().from(deliveryAttempts).where(eq(deliveryAttempts.notificationId, old.id)),
  ).toHaveLength(0);
  expect(await pruneNotifications(database.db, now)).toMatchObject({ incidents: 0, messages: 0 });
});

it("deletes so many at once and says that more is left", async () => {
  for (let index = 0; index < 5; index++) await anIncident(`many ${index}`, 500);
  expect(await pruneNotifications(database.db, now, 3)).toMatchObject({ incidents: 3, isLeft: true });
  expect(await pruneNotifications(database.db, now, 3)).toMatchObject({ incidents: 2, isLeft: false });
});
