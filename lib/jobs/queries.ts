import { and, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meterJobs, meters } from "../db/schema";
import { parseInput } from "../field-errors";
import { decodeCursor, type Page, page } from "../http/cursor";
import { getJobAndMeter, toDto } from "./internal";
import { type JobDto, jobIdInput, listJobsQuery } from "./schemas";

/** Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function getJob(ctx: Ctx, input: z.input<typeof jobIdInput>): Promise<JobDto> {
  authorise(ctx.actor, "fleet:read");
  const found = await getJobAndMeter(ctx.db, parseInput(jobIdInput, input).jobId);
  authorise(ctx.actor, "fleet:read", found.job.meterId);
  return toDto(found);
}

/** Newest first. A token that is limited to meters sees only their jobs. */
export async function listJobs(ctx: Ctx, input: z.input<typeof listJobsQuery>): Promise<Page<JobDto>> {
  authorise(ctx.actor, "fleet:read");
  const query = parseInput(listJobsQuery, input);
  const scope = meterScope(ctx.actor);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, z.tuple([z.uuid()]))[0];
  const where: (SQL | undefined)[] = [
    scope ? inArray(meterJobs.meterId, [...scope]) : undefined,
    query.meterId ? eq(meterJobs.meterId, query.meterId) : undefined,
    query.status ? inArray(meterJobs.status, query.status) : undefined,
    query.type ? eq(meterJobs.type, query.type) : undefined,
    query.search ? contains(query.search) : undefined,
    after ? lt(meterJobs.id, after) : undefined,
  ];
  const rows = await ctx.db
    .select({ job: meterJobs, meter: meters })
    .from(meterJobs)
    .innerJoin(meters, eq(meters.id, meterJobs.meterId))
    .where(and(...where))
    .orderBy(desc(meterJobs.id))
    .limit(query.limit + 1);
  return page(rows, query.limit, ({ job }) => [job.id], toDto);
}

function contains(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(sql`${meterJobs.name} ilike ${pattern}`, sql`${meters.name} ilike ${pattern}`);
}
