import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { inScope } from "./scope";

export const findInput = z.object({ text: z.string().trim().min(1).max(100) });

const LIMIT = 8;

interface Found {
  id: string;
  name: string;
  /** What tells it apart from others of the same name. */
  note: string;
}

/** Meters and jobs for the palette, by name, source or id; names that start with the text come first. */
export async function findInFleet(
  ctx: Ctx,
  input: z.input<typeof findInput>,
): Promise<{ meters: Found[]; jobs: Found[] }> {
  authorise(ctx.actor, "fleet:read");
  const { text } = findInput.parse(input);
  const literal = text.replace(/[\\%_]/g, "\\$&");
  const anywhere = `%${literal}%`;
  const [meters, jobs] = await Promise.all([
    ctx.db.execute<Found & Record<string, unknown>>(sql`
      select m.id, m.name, m.data_source as note from meters m
      where m.archived_at is null and ${inScope(ctx)}
        and (m.name ilike ${anywhere} or m.data_source ilike ${anywhere} or m.id::text = ${text})
      order by m.name ilike ${`${literal}%`} desc, m.name, m.id limit ${LIMIT}`),
    ctx.db.execute<Found & Record<string, unknown>>(sql`
      select j.id, j.name, m.name as note from meter_jobs j join meters m on m.id = j.meter_id
      where m.archived_at is null and j.status <> 'ended' and ${inScope(ctx)}
        and (j.name ilike ${anywhere} or m.name ilike ${anywhere} or j.id::text = ${text})
      order by j.name ilike ${`${literal}%`} desc, j.name, j.id limit ${LIMIT}`),
  ]);
  return { meters: [...meters], jobs: [...jobs] };
}
