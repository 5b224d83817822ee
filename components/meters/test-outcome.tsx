import { Note } from "@/components/ui/note";
import { Time } from "@/components/ui/time";
import type { TestResultDto } from "@/lib/meters/schemas";

/** As sources tell a time of their own. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** What a "Test connection" reached, what was found there and the newest data, or the sentence that says what to do. */
export function TestOutcome({ outcome, timezone }: { outcome: TestResultDto; timezone?: string }) {
  // An instant of its own is shown in the viewer's zone instead.
  const facts = outcome.found.filter(({ label }) => label !== "Newest reading" || !outcome.newestReadingAt);
  return (
    <>
      <Note state={outcome.ok ? "succeeded" : "failed"} role="status" title={outcome.message}>
        {outcome.code && (
          <p>
            <code>{outcome.code}</code>
          </p>
        )}
      </Note>
      {outcome.ok && (
        <dl className="kv l found">
          {facts.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt>{label}</dt>
              <dd>{INSTANT.test(value) ? <Time at={value} zone={timezone} style="full" named /> : value}</dd>
            </div>
          ))}
          {outcome.newestReadingAt && (
            <>
              <dt>Newest reading</dt>
              <dd>
                <Time at={outcome.newestReadingAt} zone={timezone} style="full" named />
              </dd>
            </>
          )}
        </dl>
      )}
    </>
  );
}
