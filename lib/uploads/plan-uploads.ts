import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { getMeterRow } from "../meters/internal";
import { openUploads } from "./internal";
import { makePlan } from "./make-plan";
import { uploadOf } from "./queries";
import { planUploadsInput, type UploadPlan } from "./schemas";

/** What ingesting received files would do, without doing it: days, readings that are new, change or stay, rows that are refused. */
export async function planUploads(ctx: WorkerCtx, input: z.input<typeof planUploadsInput>): Promise<UploadPlan> {
  const { meterId, uploadIds } = parseInput(planUploadsInput, input);
  authorise(ctx.actor, "tasks:operate", meterId);
  const meter = await getMeterRow(ctx.db, meterId);
  if (meter.archivedAt) throw new NotPossibleNow("This meter is archived: it takes no files any more.");
  const files = await openUploads(ctx.db, { meterId, uploadIds });
  const { plan } = await makePlan(ctx, meter, files);
  const shown = await Promise.all(files.map(({ id }) => uploadOf(ctx.db, id)));
  return { ...plan, files: shown.map(({ id, fileName, sameAs }) => ({ id, fileName, sameAs })) };
}
