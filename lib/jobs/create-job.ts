import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { connectorOf } from "../connectors/registry";
import type { Ctx } from "../ctx";
import { meterJobs } from "../db/schema";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { getMeterRow } from "../meters/internal";
import { nominalSeconds } from "../time";
import { assertJobFits, assertJobType, toDto } from "./internal";
import { anchorOf, isCivil } from "./intervals";
import { createJobInput, type JobDto } from "./schemas";

/**
 * Adds a job to a meter. Its intervals start with the one that holds `startAt`; those that are already due get their tasks from
 * the next dispatch, oldest first, behind live work. What is left out comes from the meter and its type.
 */
export async function createJob(ctx: Ctx, input: z.input<typeof createJobInput>): Promise<JobDto> {
  const given = parseInput(createJobInput, input);
  authorise(ctx.actor, "jobs:edit", given.meterId);
  assertJobType(given.type);
  const created = await withTx(ctx.db, async (tx) => {
    const meter = await getMeterRow(tx, given.meterId, true);
    if (meter.archivedAt) throw new NotPossibleNow(`${meter.name} is archived: no jobs can be added to it.`);
    const connector = connectorOf(meter.type);
    const interval = given.interval ?? connector.defaultTaskInterval;
    const timezone = given.timezone ?? meter.timezone;
    const anchorAt = anchorOf(given.startAt, interval, timezone);
    const values = {
      name: given.name ?? defaultName(interval),
      meterId: meter.id,
      type: given.type,
      startAt: given.startAt,
      endAt: given.endAt ?? null,
      anchorAt,
      nextIntervalAt: anchorAt,
      interval,
      timezone,
      delaySeconds: nominalSeconds(given.delay ?? connector.availabilityLag),
      rereadIntervals: given.rereadIntervals,
      forceOverride: given.forceOverride,
      maxRetries: given.maxRetries,
      settings: given.settings,
    };
    await assertJobFits(tx, meter, values);
    const [job] = await tx.insert(meterJobs).values(values).returning();
    if (!job) throw new Error("The job was not stored.");
    const dto = toDto({ job, meter });
    await audit(tx, ctx.actor, "job.created", {
      objectType: "job",
      objectId: job.id,
      meterId: meter.id,
      details: { name: job.name, interval, timezone, startAt: job.startAt.toISOString(), delay: dto.delay },
    });
    return dto;
  });
  ctx.startWork?.();
  return created;
}

function defaultName(interval: string): string {
  const words: Record<string, string> = { P1D: "every day", P7D: "every week", P1M: "every month", PT1H: "every hour" };
  const length = interval.replace("PT", "").replace("M", " minutes").replace("H", " hours");
  return `Collect ${words[interval] ?? (isCivil(interval) ? interval : `every ${length}`)}`;
}
