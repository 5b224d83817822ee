import { formatInstant, zoneName } from "@/components/ui/format";
import type { GapReason } from "@/lib/readings/explain-gaps";

const words: Record<GapReason, string> = {
  vendor: "No data from the vendor",
  failed: "Collection failed",
  quota: "Waiting for quota",
  retry: "Waiting to try again",
  data: "Waiting for the vendor's data",
  working: "Being collected",
  cancelled: "Cancelled",
  paused: "Job paused",
  ended: "Job ended",
  uncollected: "Not collected yet",
};

/** Why readings are missing: `Waiting for quota until 00:00 UTC`. */
export function gapWords(gap: { reason: GapReason; until: string | null }): string {
  if (!gap.until || !["quota", "retry", "data"].includes(gap.reason)) return words[gap.reason];
  const until = new Date(gap.until);
  return `${words[gap.reason]} until ${formatInstant(until, "UTC", "time")} ${zoneName("UTC", until)}`;
}
