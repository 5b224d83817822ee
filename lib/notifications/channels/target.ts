import { z } from "zod";
import type { ChannelKind } from "../../db/schema";
import { InvalidInput } from "../../errors";
import { parseInput } from "../../field-errors";
import { type AddressGuard, AddressRefused } from "../../net/address-guard";
import type { SecretBox } from "../../secrets";

const address = z
  .string()
  .trim()
  .max(2_000)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "An address that starts with https:// is needed.",
  )
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === "",
    "Leave name and password out of the address.",
  );

/** What each kind of channel needs, from which its form is made. */
export const targetSchemas = {
  webhook: z.strictObject({
    url: address.meta({
      title: "Address",
      description: "Each message is posted there as JSON, signed. Kept encrypted.",
      placeholder: "https://example.com/meterproof",
    }),
  }),
  slack: z.strictObject({
    url: address.meta({
      title: "Webhook address",
      description: "Of an incoming webhook of Slack, or of what takes the same form. Kept encrypted.",
      placeholder: "https://hooks.slack.com/services/…",
    }),
  }),
  email: z.strictObject({
    recipients: z
      .array(z.email("This must be e-mail addresses, with commas between."))
      .min(1, "At least one address is needed.")
      .max(20, "At most 20 addresses: use a mailing list for more.")
      .meta({ title: "Recipients", description: "E-mail addresses, commas between. Kept encrypted." }),
  }),
} satisfies Record<ChannelKind, z.ZodType>;

/** As it is sealed. */
export type Target =
  | { kind: "webhook"; url: string; secret: string }
  | { kind: "slack"; url: string }
  | { kind: "email"; recipients: string[] };

type Given = { url: string } | { recipients: string[] };

/** Checks what was entered. Throws InvalidInput at the field, also for an address that the configuration refuses. */
export function readTarget(kind: ChannelKind, given: unknown, addresses: Pick<AddressGuard, "assertUrl">): Given {
  const target: Given = parseInput(targetSchemas[kind], given, "target");
  if ("url" in target) {
    try {
      addresses.assertUrl(target.url);
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      throw new InvalidInput(`The address is refused. ${error.message}`, { "target.url": error.message });
    }
  }
  return target;
}

/** Recognisable, and of no use to who finds it: paths of webhooks are secrets. */
export function hintOf(target: Given): string {
  if ("url" in target) return new URL(target.url).host;
  const [first = "", ...others] = target.recipients;
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}

export function sealTarget(box: SecretBox, channelId: string, target: Target) {
  const { sealed, keyId } = box.seal(JSON.stringify(target), targetContext(channelId));
  return { target: sealed, targetKeyId: keyId };
}

export function openTarget(box: Pick<SecretBox, "open">, channel: { id: string; target: string }): Target {
  return JSON.parse(box.open(channel.target, targetContext(channel.id)));
}

/** What a target is sealed to: it does not open in another row. */
export function targetContext(channelId: string): string {
  return `notification_channels.target:${channelId}`;
}
