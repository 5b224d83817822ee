import { z } from "zod";
import { reason } from "../review/schemas";

export const resubmitRecordBody = z.strictObject({ reason });
export const resubmitRecordInput = resubmitRecordBody.extend({ recordId: z.uuid() });

export const decideUnknownBody = z.strictObject({
  hasArrived: z.boolean().meta({ description: "Whether the policy has the record: look for its credentialId there." }),
  reason: reason.meta({ description: "How it was found out." }),
});
export const decideUnknownInput = decideUnknownBody.extend({ recordId: z.uuid() });
