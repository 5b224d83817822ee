import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatLength, formatNumber } from "@/components/ui/format";
import { StateMark, type StateName } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { sizeWords } from "@/components/uploads/size-words";
import type { RecordDto, SubmissionDto } from "@/lib/mrv/schemas";
import { checkWords } from "./check-words";
import { decimalWords, shortHash } from "./record-words";
import { RestatedFigures } from "./restated-figures";

/** A record from its extraction to Guardian's answer, in the order in which it happened. */
export function RecordLife({ record }: { record: RecordDto }) {
  const { timezone, checks } = record;
  const failed = checks.filter(({ result }) => result === "failed");
  return (
    <Card>
      <CardHead title="Its life" note="from readings to the answer" rule />
      <ol className="life">
        <Step state="succeeded" title="Extracted" at={record.createdAt} zone={timezone}>
          <p>
            {record.value === null ? "No figure" : `${decimalWords(record.value)} ${record.unit}`} from{" "}
            {formatNumber(record.readings)} of {formatNumber(record.expected)} readings, by{" "}
            <Link className="link" href={`/tasks/${record.taskId}`}>
              its task
            </Link>
            .
          </p>
          <Related record={record} />
        </Step>
        <Step
          state={record.verifiedAt ? (failed.length > 0 ? "failed" : "succeeded") : "pending"}
          title={record.verifiedAt ? "Checked" : "Not checked yet"}
          at={record.verifiedAt}
          zone={timezone}
        >
          <p>
            {record.verifiedAt
              ? `${checkWords(record)}.${failed.length > 0 ? ` What failed: ${failed.map(({ label }) => label).join(", ")}.` : ""}`
              : "The checks run as soon as it is extracted."}
          </p>
        </Step>
        <Decision record={record} />
        {record.credential !== null && <Signed record={record} credential={record.credential} />}
        {record.submissions.map((submission) => (
          <Sent key={submission.id} submission={submission} zone={timezone} />
        ))}
        {record.acknowledgements.map(({ at, byName, reason, before, now }) => (
          <Step key={at} state="succeeded" title={`Restatement acknowledged by ${byName}`} at={at} zone={timezone}>
            <p className="wrap-anywhere">“{reason}”</p>
            <RestatedFigures before={before} now={now} unit={record.unit} />
          </Step>
        ))}
        {record.submitAt && (
          <Step state="queued" title="Next attempt" at={record.submitAt} zone={timezone}>
            <p>The same bytes are sent then.</p>
          </Step>
        )}
      </ol>
    </Card>
  );
}

function Related({ record }: { record: RecordDto }) {
  const lines = [
    ...(record.replacesId ? [{ id: record.replacesId, words: "It took the place of" }] : []),
    ...(record.correctsId ? [{ id: record.correctsId, words: `Correction ${record.correction} of` }] : []),
  ];
  return lines.map(({ id, words }) => (
    <p key={id}>
      {words}{" "}
      <Link className="link" href={`/mrv/records/${id}`}>
        record {id.slice(-8)}
      </Link>
      .
    </p>
  ));
}

function Decision({ record }: { record: RecordDto }) {
  const { decidedAt, decidedByName, isAutoApproved, reason, status, timezone } = record;
  if (!decidedAt) {
    return record.verifiedAt && !record.replacedAt ? (
      <Step state="person" title="Waits for a decision" at={null} zone={timezone}>
        <p>
          <Link className="link" href={`/mrv/review?record=${record.id}`}>
            Open it in review
          </Link>
        </p>
      </Step>
    ) : null;
  }
  const isRejected = status === "rejected";
  const by = isAutoApproved ? "automatically, because every check passed" : `by ${decidedByName ?? "somebody"}`;
  return (
    <Step
      state={isRejected ? "cancelled" : "succeeded"}
      title={`${isRejected ? "Rejected" : "Approved"} ${by}`}
      at={decidedAt}
      zone={timezone}
    >
      {reason && <p className="wrap-anywhere">“{reason}”</p>}
      <p className="qq">
        Bound to the evidence <code title={record.evidenceHash}>{shortHash(record.evidenceHash)}</code>
      </p>
    </Step>
  );
}

function Signed({ record, credential }: { record: RecordDto; credential: string }) {
  return (
    <Step state="succeeded" title="Signed" at={record.issuedAt} zone={record.timezone}>
      <p>
        {formatNumber(new TextEncoder().encode(credential).length)} bytes, stored before anything left. Payload{" "}
        <code title={record.payloadHash ?? undefined}>{record.payloadHash && shortHash(record.payloadHash)}</code>, id{" "}
        <code className="wrap-anywhere">{record.credentialId}</code>
      </p>
      <Bytes summary="The exact text" text={credential} copy="Copy the signed credential" />
    </Step>
  );
}

const outcomes: Record<SubmissionDto["state"], { state: StateName; word: string }> = {
  sending: { state: "running", word: "Being sent" },
  accepted: { state: "succeeded", word: "Accepted" },
  refused: { state: "failed", word: "Refused" },
  unknown: { state: "person", word: "Unknown" },
};

function Sent({ submission, zone }: { submission: SubmissionDto; zone: string }) {
  const { attempt, state, url, requestSha256, requestBytes, startedAt, durationMs, answerStatus, message, code } =
    submission;
  const { word, state: look } = outcomes[state];
  return (
    <Step state={look} title={`Attempt ${attempt}: ${word.toLowerCase()}`} at={startedAt} zone={zone}>
      <p>
        {code && <code className="mr-2">{code}</code>}
        {message ?? "No answer yet."}
      </p>
      <p className="qq">
        POST <code className="wrap-anywhere">{url}</code>, {sizeWords(requestBytes)}, sha256{" "}
        <code title={requestSha256}>{shortHash(requestSha256)}</code>
        {durationMs !== null && `, ${durationMs < 1000 ? `${durationMs} ms` : formatLength(durationMs / 1000)}`}
        {answerStatus !== null && `, answered ${answerStatus}`}
      </p>
      {submission.answer !== null && submission.answer !== "" && (
        <Bytes summary="The answer" text={submission.answer} copy={`Copy the answer of attempt ${attempt}`} />
      )}
    </Step>
  );
}

function Step(props: {
  state: StateName;
  title: string;
  at: Date | string | null;
  zone: string;
  children?: ReactNode;
}) {
  return (
    <li>
      <StateMark state={props.state} />
      <b>{props.title}</b>
      <span className="tm">{props.at && <Time at={props.at} zone={props.zone} seconds />}</span>
      <div className="more">{props.children}</div>
    </li>
  );
}

/** Text as it left or came, byte for byte. */
function Bytes({ summary, text, copy }: { summary: string; text: string; copy: string }) {
  return (
    <details>
      <summary>
        <span className="link">{summary}</span>
      </summary>
      <div className="bytes">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which keys must be able to do. */}
        <pre className="pre wrap" tabIndex={0}>
          {text}
        </pre>
        <CopyButton text={text} label={copy}>
          Copy
        </CopyButton>
      </div>
    </details>
  );
}
