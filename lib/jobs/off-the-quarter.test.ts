import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { dueAfter, dueAfterSql } from "./off-the-quarter";

const database = testDatabase();
const ends = ["2026-06-01T00:00:00Z", "2026-06-01T13:30:00Z", "2026-06-01T00:07:00Z", "2026-06-01T23:59:00Z"];

it("keeps Solcast meters off the hour and the quarter hour, each at a minute of its own, in SQL and in TypeScript alike", async () => {
  const minutes = new Set<number>();
  for (let meter = 0; meter < 40; meter++) {
    const job = { meterId: newId(), meterType: "Solcast", delaySeconds: [0, 600, 3600, 3660][meter % 4] ?? 0 };
    for (const text of ends) {
      const end = new Date(text);
      const due = dueAfter(end, job);
      const late = due.getTime() - end.getTime() - job.delaySeconds * 1000;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(900_000);
      expect(due.getUTCMinutes() % 15).toBeGreaterThanOrEqual(3);
      expect(due.getUTCMinutes() % 15).toBeLessThanOrEqual(12);
      minutes.add(due.getUTCMinutes() % 15);
      const [row] = await database.db.execute<{ due: string }>(
        sql`select ${dueAfterSql(sql`${text}::timestamptz`, {
          delaySeconds: sql`${job.delaySeconds}::int`,
          meterId: sql`${job.meterId}::uuid`,
          meterType: sql`${job.meterType}::text`,
        })} as due`,
      );
      expect(new Date(row?.due ?? "")).toEqual(due);
    }
  }
  expect(minutes.size).toBeGreaterThan(6);
});

it("leaves other meter types where end and delay put them", () => {
  const end = new Date("2026-06-01T00:00:00Z");
  const due = dueAfter(end, { meterId: newId(), meterType: "WattWatchers", delaySeconds: 600 });
  expect(due.toISOString()).toBe("2026-06-01T00:10:00.000Z");
});
