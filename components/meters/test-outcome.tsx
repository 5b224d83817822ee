import { Note } from "@/components/ui/note";
import { Time } from "@/components/ui/time";
import type { TestResultDto } from "@/lib/meters/schemas";

/** What a "Test connection" reached, what was found there and the newest data, or the sentence that says what to do. */
export function TestOutcome({ outcome, timezone }: { outcome: TestResultDto; timezone?: string }) {
  return (
    <Note state={outcome.ok ? "succeeded" : "failed"} role="status" title={outcome.message}>
      <dl className="kv">
        {outcome.code && (
          <>
            <dt>Code</dt>
            <dd>
              <code>{outcome.code}</code>
            </dd>
          </>
        )}
        {outcome.found.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {outcome.ok && (
          <>
            <dt>Newest data</dt>
            <dd>
              {outcome.newestReadingAt ? (
                <Time at={outcome.newestReadingAt} zone={timezone} style="full" named />
              ) : (
                "none yet"
              )}
            </dd>
          </>
        )}
      </dl>
    </Note>
  );
}
