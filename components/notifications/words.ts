import type { StateName } from "@/components/ui/state";
import type { ChannelKind } from "@/lib/db/schema/notifications";
import type { MessageLine } from "@/lib/notifications/delivery/queries";

export const kindWords: Record<ChannelKind, { label: string; help: string }> = {
  webhook: { label: "Webhook", help: "signed JSON to a program" },
  slack: { label: "Slack", help: "or what takes the same form" },
  email: { label: "E-mail", help: "to one or more people" },
};

/** How a message stands: `Trying again` once a try went wrong. */
export function messageState(message: { state: MessageLine["state"]; attempts: number }): {
  state: StateName;
  word: string;
} {
  if (message.state === "delivered") return { state: "succeeded", word: "Delivered" };
  if (message.state === "failed") return { state: "failed", word: "Not delivered" };
  return message.attempts > 0 ? { state: "waiting", word: "Trying again" } : { state: "queued", word: "To be sent" };
}

/** One attempt. */
export function outcomeWords(outcome: MessageLine["outcome"]): { state: StateName; word: string } {
  switch (outcome) {
    case "delivered":
      return { state: "succeeded", word: "Delivered" };
    case "refused":
      return { state: "failed", word: "Refused" };
    case "unreachable":
      return { state: "failed", word: "Not reached" };
    case "unknown":
      return { state: "waiting", word: "Not known" };
    default:
      return { state: "running", word: "Sending" };
  }
}
