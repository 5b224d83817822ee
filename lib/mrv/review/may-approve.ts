import { and, arrayOverlaps, isNull } from "drizzle-orm";
import { type Actor, can } from "../../auth/actor";
import { permissions } from "../../auth/roles";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { users } from "../../db/schema";
import type { CheckResult } from "../check-result";
import type { MayApprove, Touched } from "../schemas";
import { reviewStatuses } from "../statuses";
import type { RecordRow } from "./internal";
import { peopleBehind } from "./people-behind";
import { touchedBy } from "./touched";

/**
 * Whether this actor may approve this record now, and if not, why: role, state of the record, blocking checks, and four eyes. A token acts for whoever
 * made it. Whether the record can be signed is not asked here.
 */
export async function mayApprove(ctx: Ctx, record: RecordRow): Promise<MayApprove> {
  const needsReason = record.checks.some(({ result }) => result === "failed");
  const no = (sentence: string): MayApprove => ({ isAllowed: false, sentence, needsReason });
  if (!can(ctx.actor, "mrv:review")) return no("Your role does not allow approving: reviewers and administrators do.");
  const isLimited = ctx.actor.kind === "token" && ctx.actor.meterIds && !ctx.actor.meterIds.includes(record.meterId);
  if (isLimited) return no("This API token is limited to other meters.");
  const undecidable = whyUndecidable(record);
  if (undecidable) return no(undecidable);
  const blocking = blockingCheck(record);
  if (blocking) return no(`Nobody can approve this record: ${blocking.sentence}`);
  const touched = (await touchedBy(ctx.db, record)).filter(({ isChange }) => isChange);
  const personId = await personOf(ctx.db, ctx.actor);
  const own = touched.findLast((each) => each.personId === personId);
  if (own) return no(await hindered(ctx.db, own, touched));
  return { isAllowed: true, sentence: "You changed nothing here, so you may approve.", needsReason };
}

/** A failed check that no reason makes good. */
export function blockingCheck({ checks }: RecordRow): CheckResult | undefined {
  return checks.find(({ result, isBlocking }) => result === "failed" && isBlocking);
}

/** Why nobody can decide about it now; null where somebody can. */
export function whyUndecidable(record: RecordRow): string | null {
  if (record.replacedAt) return "Another record took the place of this one: look at that.";
  const { status, decidedByName } = record;
  if ((reviewStatuses as readonly string[]).includes(status)) return null;
  if (status === "extracted") return "This record is not verified yet.";
  const what = status === "rejected" ? "rejected" : "approved";
  return `${decidedByName ?? "Somebody"} ${what} this record already${record.decidedAt ? `, ${at(record.decidedAt)}` : ""}.`;
}

async function personOf(db: Db, actor: Actor): Promise<string | null> {
  if (actor.kind === "system") return null;
  if (actor.kind === "user") return actor.id;
  return (await peopleBehind(db, new Set([actor.id]))).get(actor.id) ?? actor.id;
}

async function hindered(db: Db, own: Touched, touched: readonly Touched[]): Promise<string> {
  const who = own.actorKind === "token" ? `Your API token ${own.actorName}` : "You";
  const reviewers = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(and(isNull(users.disabledAt), arrayOverlaps(users.roles, [...permissions["mrv:review"]])))
    .orderBy(users.name)
    .limit(100);
  const hands = new Set(touched.map(({ personId }) => personId));
  const free = reviewers.filter(({ id }) => !hands.has(id)).map(({ name }) => name);
  const others =
    free.length === 0
      ? "Nobody else here may review: an administrator can add a reviewer."
      : `${listOf(free)} can approve it.`;
  return `${who} ${own.what} (${at(own.at)}), and who changes something does not approve it. ${others}`;
}

function listOf(names: string[]): string {
  const [first = "", second, ...rest] = names;
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} or ${second}` : `${first}, ${second} or ${rest.length} more`;
}

function at(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
