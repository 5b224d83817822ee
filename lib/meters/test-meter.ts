import { eq } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import { SourceError } from "../connectors/source-error";
import type { WorkerCtx } from "../ctx";
import { meters } from "../db/schema";
import { AppError, Forbidden, InvalidInput, NotPossibleNow } from "../errors";
import type { Worker } from "../pipeline/worker";
import { SecretUnreadable } from "../secrets";
import { withoutCredential } from "../sources/without-credential";
import { checkCredential, checkSettings } from "./check-source";
import { credentialContext, getMeterRow, type MeterRow } from "./internal";
import { type MeterToReach, reachSource } from "./reach-source";
import { meterDraftInput, meterIdInput, type TestResultDto } from "./schemas";

/**
 * "Test connection" of a stored meter: reaches its source, with calls taken from the account's quota, and keeps the
 * outcome on the meter. A source that cannot be reached is an answer (`ok: false`), not an error.
 */
export async function testMeter(ctx: WorkerCtx, input: z.input<typeof meterIdInput>): Promise<TestResultDto> {
  const { meterId } = meterIdInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  const meter = await getMeterRow(ctx.db, meterId);
  if (meter.archivedAt) throw new NotPossibleNow("This meter is archived: its source is asked no more.");
  const result = await answerOf(ctx.worker, () => ({ ...meter, credential: openCredential(ctx.worker, meter) }));
  const { ok, message } = result;
  await ctx.db
    .update(meters)
    .set({
      lastTest: {
        at: result.at.toISOString(),
        ok,
        message,
        newestReadingAt: result.newestReadingAt?.toISOString() ?? null,
      },
    })
    .where(eq(meters.id, meterId));
  return result;
}

/**
 * The same before it is saved. With `meterId` and without credentials the stored ones are used, and only for the source type
 * they were stored for. Throws InvalidInput where the form itself is wrong.
 */
export async function testMeterDraft(ctx: WorkerCtx, input: z.input<typeof meterDraftInput>): Promise<TestResultDto> {
  const { meterId, dataCredentials, ...draft } = meterDraftInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  if (meterId === undefined && ctx.actor.kind === "token" && ctx.actor.meterIds) {
    throw new Forbidden("This API token is limited to some meters: it cannot try others.");
  }
  const connector = checkSettings(draft);
  const stored = meterId === undefined ? undefined : await getMeterRow(ctx.db, meterId);
  const isNewSource = stored?.dataSourceType === "UPLOAD" && draft.dataSourceType !== "UPLOAD";
  if (stored && (stored.type !== draft.type || (stored.dataSourceType !== draft.dataSourceType && !isNewSource))) {
    throw new InvalidInput("The type of a stored meter does not change.", { type: `This stays ${stored.type}.` });
  }
  if (dataCredentials !== undefined) {
    const { text, accountKey } = checkCredential(connector, draft.dataSourceType, dataCredentials, ctx.worker);
    return answerOf(ctx.worker, () => ({ ...draft, id: meterId, accountKey, credential: text }));
  }
  if (!stored || isNewSource) throw new InvalidInput("Credentials are needed.", { dataCredentials: "This is needed." });
  return answerOf(ctx.worker, () => ({
    ...draft,
    id: stored.id,
    accountKey: stored.accountKey,
    credential: openCredential(ctx.worker, stored),
  }));
}

function openCredential(worker: Worker, meter: MeterRow): string {
  return worker.secrets.open(meter.dataCredentials, credentialContext(meter.id));
}

async function answerOf(worker: Worker, prepare: () => MeterToReach): Promise<TestResultDto> {
  const at = worker.now();
  let credential = "";
  try {
    const meter = prepare();
    credential = meter.credential;
    const { reached, found, choices = [], newestReadingAt } = await reachSource(worker, meter);
    return { ok: true, message: reached, code: null, found, choices, newestReadingAt, at };
  } catch (error) {
    const failed = { ok: false, found: [], choices: [], newestReadingAt: null, at };
    const code = codeOf(error);
    if (!code) throw error;
    return { ...failed, message: withoutCredential((error as Error).message, credential), code };
  }
}

/** Undefined for what is not the source's doing. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof SourceError) return error.code;
  if (error instanceof SecretUnreadable) return "SECRET_UNREADABLE";
  return error instanceof AppError ? error.code.toUpperCase() : undefined;
}
