import { kindOf } from "../incidents/kinds";
import type { Change, MessageContent } from "./content";

/** One subject that a channel is not yet told of. */
export interface DueChange {
  kind: string;
  subjectId: string;
  subjectName: string;
  change: Change["change"];
  /** Since when it is wrong, or when it healed. */
  since: string;
}

const NAMED = 5;
const changes = ["opened", "worsened", "healed"] as const;

/** However many subjects changed, one message: counts, the first few by name, and a link to the list of all. */
export function compose(
  due: readonly DueChange[],
  about: { type: "incidents" | "summary"; note: string | null; consoleUrl: string },
): MessageContent {
  const groups = changes.flatMap((change) =>
    [...new Set(due.map(({ kind }) => kind))].flatMap((kind) =>
      groupOf(
        due.filter((each) => each.kind === kind && each.change === change),
        about.consoleUrl,
      ),
    ),
  );
  return { type: about.type, title: titleOf(groups), changes: groups, note: about.note, url: `${about.consoleUrl}/` };
}

export function testContent(channelName: string, consoleUrl: string): MessageContent {
  return {
    type: "test",
    title: `Test message to ${channelName}`,
    changes: [],
    note: "Nothing happened: somebody pressed “Send a test”.",
    url: `${consoleUrl}/settings/notifications`,
  };
}

function groupOf(due: readonly DueChange[], consoleUrl: string): Change[] {
  const [first] = due;
  const kind = first && kindOf(first.kind);
  if (!first || !kind) return [];
  return [
    {
      kind: kind.kind,
      change: first.change,
      title: kind.words[first.change](due.length),
      count: due.length,
      url: consoleUrl + kind.listPath,
      subjects: due.slice(0, NAMED).map(({ subjectId, subjectName, since }) => ({
        name: subjectName,
        url: consoleUrl + kind.subjectPath(subjectId),
        since: new Date(since).toISOString(),
      })),
    },
  ];
}

/** `14 meters late, 3 healed`; of healing alone which: `3 meters fresh again`. */
function titleOf(groups: readonly Change[]): string {
  const worse = groups.filter(({ change }) => change !== "healed").map(({ title }) => title);
  const healed = groups.filter(({ change }) => change === "healed");
  const count = healed.reduce((sum, group) => sum + group.count, 0);
  const parts = worse.length === 0 ? healed.map(({ title }) => title) : worse;
  if (worse.length > 0 && count > 0) parts.push(`${count.toLocaleString("en-AU")} healed`);
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
