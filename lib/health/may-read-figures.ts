import { timingSafeEqual } from "node:crypto";
import { authorise } from "../auth/actor";
import { actorFromRequest } from "../auth/actor-from-request";
import type { Db } from "../db/client";
import { env } from "../env";
import { Forbidden } from "../errors";
import { isFromLoopback } from "../http/peer";
import { sha256Hex } from "../secrets";

/** Throws Unauthenticated or Forbidden unless it is a program on this machine, or one with a token that sees all meters. */
export async function assertMayReadFigures(request: Request, db: Db): Promise<void> {
  if (isFromLoopback(request)) return;
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const { METERPROOF_METRICS_TOKEN } = env();
  if (token && METERPROOF_METRICS_TOKEN && isSame(token, METERPROOF_METRICS_TOKEN)) return;
  const actor = await actorFromRequest(request, db);
  authorise(actor, "fleet:read");
  if (actor.kind === "token" && actor.meterIds) throw new Forbidden("This API token is limited to some meters.");
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(a)), Buffer.from(sha256Hex(b)));
}
