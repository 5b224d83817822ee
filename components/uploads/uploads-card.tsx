import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State, type StateName } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import type { UploadDto } from "@/lib/uploads/schemas";
import { sizeWords } from "./size-words";

const SHOWN = 6;

/** Files that people brought to a meter, the newest first: what came of each, and what one that waits needs. */
export function UploadsCard(props: { uploads: readonly UploadDto[]; timezone: string; canUpload: boolean }) {
  const { uploads, timezone, canUpload } = props;
  return (
    <Card>
      <CardHead
        title="Uploads"
        rule
        end={
          canUpload && (
            <Link className="link" href="?upload=new" scroll={false}>
              Upload a file
            </Link>
          )
        }
      />
      {uploads.slice(0, SHOWN).map((upload) => (
        <div key={upload.id} className="up">
          <span className="row">
            <b>{upload.fileName}</b>
            <span className="push">{stateOf(upload)}</span>
          </span>
          <span className="figs qq">
            {upload.createdBy}, <Age at={upload.createdAt} zone={timezone} />
            {upload.sizeBytes !== null && `, ${sizeWords(upload.sizeBytes)}`}
            {upload.from && upload.to && (
              <>
                , <Time at={upload.from} zone={timezone} style="date" /> to{" "}
                <Time at={new Date(Number(upload.to) - 1)} zone={timezone} style="date" />
              </>
            )}
            {upload.readings !== null && `, ${formatNumber(upload.readings)} readings`}
          </span>
          {upload.state === "failed" && upload.message && <span className="figs q">{upload.message}</span>}
          {upload.state === "received" && canUpload && (
            <Link className="link figs" href={`?upload=${upload.id}`} scroll={false}>
              Look at it, then ingest or discard it
            </Link>
          )}
          {upload.jobId && (
            <Link className="link figs" href={`/jobs/${upload.jobId}?tab=list`}>
              {taskWords(upload)}
            </Link>
          )}
        </div>
      ))}
      {uploads.length === 0 && (
        <p className="up q">No file was uploaded yet. One can fill days that the source does not have any more.</p>
      )}
    </Card>
  );
}

function stateOf(upload: UploadDto) {
  const { state, word } = lookOf(upload);
  return (
    <State state={state} ink>
      {word}
    </State>
  );
}

function lookOf({ state, tasksByState }: UploadDto): { state: StateName; word: string } {
  switch (state) {
    case "receiving":
      return { state: "running", word: "Receiving" };
    case "received":
      return { state: "person", word: "Not ingested yet" };
    case "discarded":
      return { state: "cancelled", word: "Discarded" };
    case "failed":
      return { state: "failed", word: "Did not arrive" };
    case "started": {
      if (tasksByState.failed) return { state: "failed", word: "Failed tasks" };
      const isOpen = ["pending", "queued", "running", "waiting"].some((each) => tasksByState[each]);
      return isOpen ? { state: "running", word: "Ingesting" } : { state: "succeeded", word: "Ingested" };
    }
  }
}

/** `30 of 31 tasks succeeded, 1 failed`; tasks that a later file took over are said to be. */
function taskWords({ taskCount, tasksByState }: UploadDto): string {
  const all = taskCount ?? 0;
  const own = Object.values(tasksByState).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(tasksByState).map(([state, count]) => `${formatNumber(count)} ${state}`);
  if (own < all) parts.push(`${formatNumber(all - own)} taken over by a later upload`);
  return `${formatNumber(all)} ${all === 1 ? "task" : "tasks"}: ${parts.join(", ")}`;
}
