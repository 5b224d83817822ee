"use client";

import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/skeleton";
import { ReadingRows } from "@/components/uploads/reading-rows";
import { RejectList } from "@/components/uploads/reject-list";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";

/** What the first rows of the sample become, by the parser that will read every file; it follows each change of a control. */
export function MappingPreview(props: {
  answer: ReadSample | null;
  hasSample: boolean;
  isReading: boolean;
  failure: string | null;
  /** What only a person can say and has not. */
  open: readonly string[];
  timezone: string;
  /** What a field of an error is called. */
  titleOf: (field: string) => string;
}) {
  const { answer, hasSample, isReading, failure, open, timezone, titleOf } = props;
  const preview = answer?.preview ?? null;
  return (
    <Card>
      <CardHead
        title="Preview"
        note="The first rows, read as every file will be"
        rule
        wrap
        end={isReading ? <span role="status">Reading…</span> : preview && open.length === 0 && countWords(preview)}
      />
      <CardBody className="connection" aria-live="polite" aria-busy={isReading}>
        {!hasSample && <p className="q">Give a sample above: its rows stand here as they would be stored.</p>}
        {failure && (
          <Note state="failed" role="alert" title="The sample was not read">
            {failure}
          </Note>
        )}
        {hasSample && !answer && !failure && (
          <>
            <Skeleton width="70%" />
            <Skeleton height="96px" />
          </>
        )}
        {answer?.unreadable && (
          <Note state="failed" title="This is no table that can be read">
            {answer.unreadable}
          </Note>
        )}
        {answer?.endsOpen && (
          <Note state="waiting" title="The file ends without a line break">
            A file that was cut off looks the same, so it is refused. If files of this source end so, tick “Files end
            without a line break”.
          </Note>
        )}
        {answer && open.length > 0 && (
          <Note
            state="waiting"
            title={open.length === 1 ? "One thing only you can say" : `${open.length} things only you can say`}
          >
            <ul>
              {[...new Set(open)].map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ul>
          </Note>
        )}
        {answer && open.length === 0 && !preview && !answer.unreadable && (
          <Note state="waiting" title="The mapping is not complete">
            <ul>
              {Object.entries(answer.fields).map(([field, sentence]) => (
                <li key={field}>
                  {titleOf(field)}: {sentence}
                </li>
              ))}
            </ul>
          </Note>
        )}
        {preview && open.length === 0 && (
          <>
            {preview.failure && (
              <Note state="failed" title="The file cannot be read with these settings">
                {preview.failure.message}
              </Note>
            )}
            <ReadingRows
              rows={preview.first.map(({ startEpochSeconds, ...row }) => ({
                ...row,
                at: new Date(startEpochSeconds * 1_000),
              }))}
              metrics={preview.metrics}
              timezone={timezone}
            />
            <RejectList
              rejects={preview.rejects.map(({ line, reason, text }) => ({
                row: `line ${line}`,
                reason: `${reason} (${text})`,
              }))}
              all={preview.rejected}
            />
          </>
        )}
      </CardBody>
    </Card>
  );
}

function countWords({ looked, readings, rejected, ignored }: NonNullable<ReadSample["preview"]>): string {
  const parts = [`${formatNumber(readings)} ${readings === 1 ? "reading" : "readings"}`];
  if (rejected > 0) parts.push(`${formatNumber(rejected)} refused`);
  if (ignored > 0) parts.push(`${formatNumber(ignored)} not of this meter`);
  return `${parts.join(", ")} of ${formatNumber(looked)} rows`;
}
