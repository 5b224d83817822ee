import { z } from "zod";
import { channelKinds } from "../../db/schema/notifications";
import { incidentKinds } from "../incidents/kinds";

const name = z.string().trim().min(1).max(100).meta({ title: "Name", description: "Who or what listens there." });
const kinds = z
  .array(z.string().refine((kind) => incidentKinds.some((each) => each.kind === kind), "There is no such kind."))
  .min(1, "Choose at least one.")
  .transform((list) => [...new Set(list)]);
/** Checked by the schema of the channel's kind. */
const target = z.record(z.string(), z.unknown());

export const createChannelInput = z.strictObject({
  name,
  kind: z.enum(channelKinds),
  target,
  kinds,
  sendsHealed: z.boolean().default(true),
});

/** Left out: kept, the address and the signing secret too. */
export const updateChannelInput = z.strictObject({
  channelId: z.uuid(),
  name: name.optional(),
  target: target.optional(),
  kinds: kinds.optional(),
  sendsHealed: z.boolean().optional(),
  isPaused: z.boolean().optional(),
  /** Of a webhook: the old one signs nothing any more. */
  replaceSecret: z.boolean().default(false),
});

export const channelIdInput = z.strictObject({ channelId: z.uuid() });
export const messageIdInput = z.strictObject({ messageId: z.uuid() });
