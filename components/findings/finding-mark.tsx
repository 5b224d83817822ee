import { StateMark, type StateName } from "@/components/ui/state";
import type { FindingDto } from "@/lib/findings/schemas";

/** Readings are missing: as an interval without data. */
const missing: readonly string[] = ["gap", "channel-sum"];
/** Values are plausible by themselves: somebody has to look at the site. */
const doubtful: readonly string[] = ["zero-run", "flat-line", "night-generation"];

/** Open ones by what they are of, acknowledged ones as laid aside, healed ones as done. */
export function FindingMark({ finding }: { finding: Pick<FindingDto, "state" | "check"> }) {
  return <StateMark state={stateOf(finding)} />;
}

function stateOf({ state, check }: Pick<FindingDto, "state" | "check">): StateName {
  if (state === "healed") return "succeeded";
  if (state === "acknowledged") return "pending";
  if (missing.includes(check)) return "failed";
  return doubtful.includes(check) ? "person" : "waiting";
}
