import { sql } from "drizzle-orm";
import { Counter, Gauge, Registry } from "prom-client";
import type { Db } from "../db/client";
import { taskStates } from "../db/schema";
import { instruments } from "../http/prometheus";

/** Everything Prometheus reads: this process's figures, and what the database knows at this moment. */
export async function prometheusText(db: Db): Promise<{ contentType: string; text: string }> {
  const merged = Registry.merge([instruments().registry, await databaseFigures(db)]);
  return { contentType: merged.contentType, text: await merged.metrics() };
}

async function databaseFigures(db: Db): Promise<Registry> {
  const registry = new Registry();
  const registers = [registry];
  const tasks = new Gauge({ name: "meterproof_tasks", help: "Tasks by state.", labelNames: ["state"], registers });
  const depth = new Gauge({
    name: "meterproof_queue_depth",
    help: "Tasks that could run now: pending or queued.",
    registers,
  });
  const oldest = new Gauge({
    name: "meterproof_oldest_pending_seconds",
    help: "How long the oldest pending task has been due; 0 when none is.",
    registers,
  });
  const rows = new Counter({
    name: "meterproof_rows_ingested_total",
    help: "Rows inserted into meter_data or changed there, as PostgreSQL counts them.",
    registers,
  });
  const [counts, [pending], [ingested]] = await Promise.all([
    db.execute<{ state: string; count: string }>(sql`select state, count(*) as count from meter_tasks group by state`),
    db.execute<{ seconds: string | null }>(sql`
      select extract(epoch from now() - min(due_at)) as seconds from meter_tasks where state = 'pending'`),
    // Summing rows_written would read every task, and a task that is done again would make the counter fall.
    db.execute<{ count: string | null }>(sql`
      select sum(s.n_tup_ins + s.n_tup_upd) as count
      from pg_stat_user_tables s join pg_inherits i on i.inhrelid = s.relid
      where i.inhparent = 'meter_data'::regclass`),
  ]);
  const byState = new Map(counts.map(({ state, count }) => [state, Number(count)]));
  for (const state of taskStates) tasks.set({ state }, byState.get(state) ?? 0);
  depth.set((byState.get("pending") ?? 0) + (byState.get("queued") ?? 0));
  oldest.set(Math.max(0, Number(pending?.seconds ?? 0)));
  rows.inc(Number(ingested?.count ?? 0));
  return registry;
}
