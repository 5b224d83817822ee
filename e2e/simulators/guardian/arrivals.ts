import { createHash } from "node:crypto";
import type { Judged } from "./judge";

/** One document that arrived, with what became of it. */
export interface Arrival extends Judged {
  number: number;
  receivedAt: string;
  /** As requested, query included. */
  path: string;
  policyTag: string | null;
  ref: string | null;
  owner: string | null;
  credentialId: string | null;
  issuer: string | null;
  /** Of the request's body, as received. */
  bytes: number;
  sha256: string;
  /** What was done to the answer. */
  fault: string | null;
}

const MOST_KEPT = 10_000;

/** What arrived, in order; the oldest are forgotten in the end. */
export function createArrivals() {
  let kept: Arrival[] = [];
  let count = 0;
  return {
    add(
      path: string,
      body: Buffer,
      value: Record<string, unknown>,
      judged: Judged,
      fault: string | null,
      at: number,
    ): void {
      const document = (value.document ?? {}) as Record<string, unknown>;
      const textOf = (member: unknown) => (typeof member === "string" ? member : null);
      count += 1;
      kept.push({
        number: count,
        receivedAt: new Date(at).toISOString(),
        path,
        policyTag: textOf(value.policyTag),
        ref: textOf(value.ref),
        owner: textOf(value.owner),
        credentialId: textOf(document.id),
        issuer: textOf(document.issuer),
        ...judged,
        bytes: body.length,
        sha256: createHash("sha256").update(body).digest("hex"),
        fault,
      });
      if (kept.length > MOST_KEPT) kept.shift();
    },
    list: (credentialId: string | null) =>
      credentialId === null ? kept : kept.filter((arrival) => arrival.credentialId === credentialId),
    forget() {
      kept = [];
      count = 0;
    },
  };
}
