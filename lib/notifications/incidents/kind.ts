import { type SQL, sql } from "drizzle-orm";

/**
 * A kind of trouble that people are told of. `subjects` asks Postgres where each subject stands now, one row each:
 * `subject_id, subject_name, meter_id, standing, since, weight, newest_at`. `standing` is
 * - `wrong`: opens an incident, or keeps it open;
 * - `held`: keeps an open one open, opens none (somebody tries again, another trouble hides it);
 * - `well`: heals an open one.
 * A subject without a row is asked no more: its incident ends without good news. `newest_at` is the newest of its pieces
 * (null: it has none); an open incident that grows is told of again after a day.
 */
export interface IncidentKind {
  kind: string;
  label: string;
  help: string;
  state: "late" | "failed" | "waiting" | "person";
  /** `14 meters late`; also of those that got worse and of those that healed. */
  words: Record<"opened" | "worsened" | "healed", (count: number) => string>;
  subjects(now: Date): SQL;
  /** The console's list of them, and one of them. */
  listPath: string;
  subjectPath(subjectId: string): string;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-AU")} ${noun}${count === 1 ? "" : "s"}`;
}

export function iso(at: Date): SQL {
  return sql`${at.toISOString()}::timestamptz`;
}
