import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { lockInTx, withTx } from "../../db/tx";
import type { Span } from "./fetch-ranges";

const EARLIEST_YEAR = 1990;

/**
 * Makes the monthly partitions of `meter_data` that these spans need. A partition is made beside the table and attached:
 * that takes a lock which lets readers and writers of the other months go on, where `create table … partition of` would
 * wait for all of them. In a transaction of its own, so that the lock is short.
 */
export async function ensurePartitions(db: Db, spans: readonly Span[]): Promise<void> {
  const months = [...new Set(spans.flatMap(monthsOf))].sort();
  const missing = await missingMonths(db, months);
  if (missing.length === 0) return;
  await withTx(db, async (tx) => {
    await lockInTx(tx, "meter_data.partitions");
    for (const month of await missingMonths(tx, missing)) {
      const name = sql.identifier(partitionName(month));
      await tx.execute(sql`create table ${name} (like meter_data including all)`);
      await tx.execute(
        sql`alter table meter_data attach partition ${name} for values
          from (${sql.raw(`'${month}-01T00:00:00Z'`)}) to (${sql.raw(`'${nextMonth(month)}-01T00:00:00Z'`)})`,
      );
    }
  });
}

/** `2026-04` */
type Month = string;

function monthsOf({ from, to }: Span): Month[] {
  const months: Month[] = [];
  const end = new Date(to - 1);
  if (to <= from) return months;
  for (let month = monthOf(new Date(from)); month <= monthOf(end); month = nextMonth(month)) {
    const year = Number(month.slice(0, 4));
    if (year < EARLIEST_YEAR || year > new Date().getUTCFullYear() + 10) {
      throw new Error(`Readings of ${month} are asked for: no meter has those.`);
    }
    months.push(month);
  }
  return months;
}

function monthOf(instant: Date): Month {
  return instant.toISOString().slice(0, 7);
}

function nextMonth(month: Month): Month {
  const [year, number] = month.split("-").map(Number);
  return monthOf(new Date(Date.UTC(year ?? 0, number ?? 0, 1)));
}

function partitionName(month: Month): string {
  return `meter_data_${month.replace("-", "_")}`;
}

async function missingMonths(db: Db, months: readonly Month[]): Promise<Month[]> {
  if (months.length === 0) return [];
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'meter_data'::regclass and c.relname in ${months.map(partitionName)}`);
  const there = new Set(rows.map((row) => row.name));
  return months.filter((month) => !there.has(partitionName(month)));
}
