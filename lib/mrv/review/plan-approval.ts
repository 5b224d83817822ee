import type { z } from "zod";
import { canonicalJson } from "../../audit/chain";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { AppError } from "../../errors";
import { parseInput } from "../../field-errors";
import { sha256Hex } from "../../secrets";
import { assertApprovable } from "./assert-approvable";
import { deciderOf, type RecordRow, readRecords } from "./internal";
import { type ApprovalPreview, previewApprovalInput } from "./schemas";

/** Which of these records `approveRecords` would approve, and why not the others. The token names exactly this. */
export async function previewApproval(ctx: Ctx, input: z.input<typeof previewApprovalInput>): Promise<ApprovalPreview> {
  const { recordIds } = parseInput(previewApprovalInput, input);
  authorise(ctx.actor, "mrv:review");
  const { approvable, refused, planToken } = await planApproval(ctx, await readRecords(ctx.db, recordIds, false));
  return {
    approvable: approvable.map(({ record }) => ({ recordId: record.id, evidenceHash: record.evidenceHash })),
    refused,
    planToken,
  };
}

export interface ApprovalPlan {
  approvable: { record: RecordRow; payloadHash: string }[];
  refused: ApprovalPreview["refused"];
  planToken: string;
}

export async function planApproval(ctx: Ctx, records: readonly RecordRow[]): Promise<ApprovalPlan> {
  const approvable: ApprovalPlan["approvable"] = [];
  const refused: ApprovalPlan["refused"] = [];
  for (const record of records) {
    authorise(ctx.actor, "mrv:review", record.meterId);
    try {
      const { payloadHash } = await assertApprovable(ctx, record);
      if (record.checks.some(({ result }) => result === "failed")) {
        refused.push({ recordId: record.id, sentence: "A check failed: open it and decide about it by itself." });
      } else approvable.push({ record, payloadHash });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ recordId: record.id, sentence: error.message });
    }
  }
  const what = [
    deciderOf(ctx.actor).decidedById,
    approvable.map(({ record, payloadHash }) => [record.id, record.evidenceHash, payloadHash]),
    refused.map(({ recordId, sentence }) => [recordId, sentence]),
  ];
  return { approvable, refused, planToken: sha256Hex(canonicalJson(what)) };
}
