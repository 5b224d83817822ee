import { sql } from "drizzle-orm";
import type { Ctx } from "../ctx";
import { parseInput } from "../field-errors";
import { type ReadableMeter, readableMeters } from "./readable-meters";
import { type CoverageDto, type CoverageInput, coverageInput, MISSING_RANGES } from "./schemas";

/**
 * Readings expected and present in a range, and the stretches without, for each meter. Intervals are counted in elapsed time, so
 * a civil day of 25 hours expects 25 hours of readings. Readings of every quality count.
 */
export async function coverageOf(ctx: Ctx, input: CoverageInput): Promise<CoverageDto[]> {
  const { meterId, from, to } = parseInput(coverageInput, input);
  const found = await readableMeters(ctx, meterId);
  return Promise.all(found.map((meter) => coverageOfMeter(ctx, meter, from, to)));
}

interface GapRow extends Record<string, unknown> {
  present: number;
  missing: number;
  gaps: { from: number; to: number }[] | null;
  gap_count: number;
}

async function coverageOfMeter(ctx: Ctx, meter: ReadableMeter, from: Date, to: Date): Promise<CoverageDto> {
  const { resolutionSeconds } = meter;
  // Gaps are what lies between the end of one reading and the start of the next; less than one reading is none. A reading
  // may start before the range and reach into it: an hour is the longest there is.
  const [row] = await ctx.db.execute<GapRow>(sql`
    with readings as (
      select timestamp as starts, timestamp + make_interval(secs => duration_seconds) as ends from meter_data
      where meter_id = ${meter.id} and timestamp >= ${at(from)} - interval '1 hour' and timestamp < ${at(to)}
      union all select ${at(to)}, ${at(to)}
    ), gaps as (
      select greatest(coalesce(max(ends) over (order by starts rows between unbounded preceding and 1 preceding),
        ${at(from)}), ${at(from)}) as gap_from, starts as gap_to
      from readings
    ), long as (
      select * from gaps where gap_to - gap_from >= make_interval(secs => ${resolutionSeconds}) order by gap_from
    )
    select (select count(*)::int - 1 from readings where starts >= ${at(from)}) as present,
      (select count(*)::int from long) as gap_count,
      (select coalesce(sum(round(extract(epoch from gap_to - gap_from) / ${resolutionSeconds})), 0)::int from long) as missing,
      (select json_agg(json_build_object('from', extract(epoch from gap_from), 'to', extract(epoch from gap_to)))
        from (select * from long limit ${MISSING_RANGES}) listed) as gaps`);
  const present = row?.present ?? 0;
  // What is there was expected, of whatever length it was.
  const expected = present + (row?.missing ?? 0);
  const missing = (row?.gaps ?? []).map((gap) => ({
    from: new Date(gap.from * 1000).toISOString(),
    to: new Date(gap.to * 1000).toISOString(),
    readings: Math.round((gap.to - gap.from) / resolutionSeconds),
  }));
  return {
    meterId: meter.id,
    from: from.toISOString(),
    to: to.toISOString(),
    resolutionSeconds,
    expected,
    present,
    coverage: expected === 0 ? 1 : Math.min(1, present / expected),
    missing,
    isMissingCut: (row?.gap_count ?? 0) > missing.length,
  };
}

function at(instant: Date) {
  return sql`${instant.toISOString()}::timestamptz`;
}
