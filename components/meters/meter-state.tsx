import { Badge, State, type StateName } from "@/components/ui/state";
import type { MeterState } from "@/lib/fleet/meter-states";

const looks: Record<MeterState, { state: StateName; word: string }> = {
  failed: { state: "failed", word: "Failed" },
  waiting: { state: "waiting", word: "Waiting for quota" },
  late: { state: "late", word: "Late" },
  backfilling: { state: "running", word: "Backfilling" },
  fresh: { state: "fresh", word: "Fresh" },
  paused: { state: "paused", word: "Paused" },
  new: { state: "pending", word: "Nothing due yet" },
  upload: { state: "no-data", word: "By upload" },
};

/** Shape and word of where a meter stands. `lower` is for a sentence: `3 late`. */
export function MeterStateMark({ state, count, badge }: { state: MeterState; count?: number; badge?: boolean }) {
  const look = looks[state];
  if (badge) return <Badge state={look.state}>{look.word}</Badge>;
  if (count !== undefined) return <State state={look.state}>{`${count} ${look.word.toLowerCase()}`}</State>;
  return (
    <State state={look.state} ink>
      {look.word}
    </State>
  );
}

export function meterStateWord(state: MeterState): string {
  return looks[state].word;
}
