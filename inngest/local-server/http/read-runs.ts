import { statusNames } from "../runs/finish-run";
import type { Database } from "../store/database";

interface RunRow {
  id: string;
  function_id: string;
  event_id: string;
  status: keyof typeof statusNames;
  queued_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  output: string | null;
}

/** A run as the API of Inngest shows it. */
export async function findRun(sql: Database, runId: string): Promise<object | null> {
  const [row] = await sql<RunRow[]>`
    select id, function_id, event_id, status, queued_at, started_at, ended_at, output from run where id = ${runId}`;
  return row ? toRun(row) : null;
}

/** The runs an event started, by the server's id of the event. */
export async function findRunsOfEvent(sql: Database, eventId: string): Promise<object[]> {
  const rows = await sql<RunRow[]>`
    select id, function_id, event_id, status, queued_at, started_at, ended_at, output
    from run where event_id = ${eventId} order by id`;
  return rows.map(toRun);
}

function toRun(row: RunRow): object {
  return {
    run_id: row.id,
    function_id: row.function_id,
    event_id: row.event_id,
    status: statusNames[row.status],
    run_started_at: (row.started_at ?? row.queued_at).toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    output: row.output === null ? null : (JSON.parse(row.output) as unknown),
  };
}
