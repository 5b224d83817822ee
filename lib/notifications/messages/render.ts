import type { Change, MessageContent } from "./content";

/** What a webhook posts. The order of its fields is the same at each attempt. */
export function webhookBody(id: string, createdAt: Date, content: MessageContent): string {
  const { type, title, note, url, changes } = content;
  return JSON.stringify({ id, type, createdAt: createdAt.toISOString(), title, note, url, changes });
}

/** For Slack and what takes the same form: the text is what notifications and older clients show. */
export function slackBody(content: MessageContent): string {
  const heading = `*<${content.url}|${escapeSlack(content.title)}>*`;
  const sections = content.changes.map((change) => {
    const lines = change.subjects.map(
      ({ name, url, since }) =>
        `• <${url}|${escapeSlack(name)}>${change.change === "healed" ? "" : `, since ${instant(since)}`}`,
    );
    const more = moreOf(change);
    return [
      `*<${change.url}|${escapeSlack(change.title)}>*`,
      ...lines,
      ...(more ? [`<${change.url}|and ${more} more>`] : []),
    ].join("\n");
  });
  const texts = [heading, ...sections, ...(content.note ? [escapeSlack(content.note)] : [])];
  const blocks = texts.map((text) => ({
    type: "section",
    text: { type: "mrkdwn", text: text.slice(0, SLACK_LONGEST) },
  }));
  return JSON.stringify({ text: escapeSlack(content.title), blocks });
}

const SLACK_LONGEST = 3_000;

export function mailText(content: MessageContent): string {
  const groups = content.changes.map((change) => {
    const more = moreOf(change);
    return [
      change.title,
      ...change.subjects.map(
        ({ name, since }) => `  ${name}${change.change === "healed" ? "" : `, since ${instant(since)}`}`,
      ),
      ...(more ? [`  and ${more} more`] : []),
      `  ${change.url}`,
    ].join("\n");
  });
  return [...groups, ...(content.note ? [content.note] : []), content.url].join("\n\n");
}

function moreOf({ count, subjects }: Change): string | null {
  return count > subjects.length ? (count - subjects.length).toLocaleString("en-AU") : null;
}

/** `22 Nov 2026 10:03 UTC`: a receiver has no zone that we know. */
function instant(iso: string): string {
  const text = new Date(iso).toLocaleString("en-AU", {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `${text.replace(",", "")} UTC`;
}

/** Slack's own three; names of meters are anybody's text. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
