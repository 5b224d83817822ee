import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { AppError } from "../../errors";
import { parseInput } from "../../field-errors";
import { mrvSettings } from "../../mrv/settings";
import { getJobAndMeter } from "../internal";
import { jobIdInput } from "../schemas";
import { fieldMapFaultsOf } from "./assert-mrv-job-fits";
import { competingJob, competingSentence } from "./competing-job";
import { recordingDevice } from "./recording-device";

/**
 * Why the records of an MRV job could not be signed as things stand: device, config and meters change after a job was added. Sentences; none:
 * nothing is in the way, or the job is no MRV job or ended.
 */
export async function whatKeepsFromRecording(ctx: Ctx, input: z.input<typeof jobIdInput>): Promise<string[]> {
  authorise(ctx.actor, "fleet:read");
  const { job, meter } = await getJobAndMeter(ctx.db, parseInput(jobIdInput, input).jobId);
  authorise(ctx.actor, "fleet:read", job.meterId);
  if (job.type !== "mrv" || job.status === "ended") return [];
  try {
    const device = await recordingDevice(ctx.db, meter);
    const settings = parseInput(mrvSettings, job.settings, "settings");
    const faults = fieldMapFaultsOf(meter, device, { ...job, settings });
    const sentences = Object.entries(faults).map(([path, sentence]) => {
      const field = path.replace("settings.MRV_FIELD_MAP.", "");
      return sentence.includes(field) || path === "settings.MRV_FIELD_MAP" ? sentence : `${field}: ${sentence}`;
    });
    const recording = { ...job, startAt: job.anchorAt, metric: settings.MRV_METRIC };
    const other = await competingJob(ctx.db, meter, device, recording);
    return other ? [...sentences, competingSentence(other, meter, device, settings.MRV_METRIC)] : sentences;
  } catch (error) {
    if (error instanceof AppError) return [error.message];
    throw error;
  }
}
