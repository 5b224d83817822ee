import { UsedBy } from "@/components/mrv/used-by";
import { Card, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Icon } from "@/components/ui/icon";
import { Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { sizeWords } from "@/components/uploads/size-words";
import type { RecordSummary } from "@/lib/mrv/schemas";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { IntervalName } from "./interval-title";

type Artifact = TaskDetail["artifacts"][number];

/** What the task keeps in the archive: kind, size, key, hash, where it came from and what it covers. */
export function TaskArtifacts({
  task,
  usedBy,
}: {
  task: TaskDetail;
  /** MRV records whose evidence names an object, by its id. */
  usedBy: ReadonlyMap<string, RecordSummary[]>;
}) {
  const has = (kind: Artifact["kind"]) => task.artifacts.some((artifact) => artifact.kind === kind);
  const missing = (["raw", "transformed"] as const).filter((kind) => !has(kind));
  return (
    <Card>
      <CardHead title="Artifacts" rule end={`${2 - missing.length} of 2`} />
      {task.artifacts.map((artifact) => (
        <div key={artifact.id} className="art">
          <div className="row">
            <Icon name="file" />
            <b className="strong">{names[artifact.kind]}</b>
            <Tag>{formatOf(artifact)}</Tag>
            <span className="push qq figs">{sizeWords(artifact.sizeBytes)}</span>
          </div>
          <code className="q">{artifact.key}</code>
          <div className="row">
            <code className="qq hash" title={artifact.sha256}>
              sha256 {artifact.sha256.slice(0, 16)}…{artifact.sha256.slice(-8)}
            </code>
            <span className="push row">
              <CopyButton text={artifact.sha256} label={`Copy the hash of ${names[artifact.kind].toLowerCase()}`} />
              <a
                className="ib"
                href={`/api/v1/tasks/${task.id}/artifacts/${artifact.id}`}
                download
                aria-label={`Download ${names[artifact.kind].toLowerCase()}`}
                title="Download"
              >
                <Icon name="download" />
              </a>
            </span>
          </div>
          <p className="figs qq">
            {artifact.kind === "transformed" ? "Written" : artifact.origin.kind === "upload" ? "Received" : "Fetched"}{" "}
            <Time at={artifact.fetchedAt} zone={task.timezone} style="date-time" seconds />
            {originWords(artifact)}
            {artifact.coversFrom && artifact.coversTo && (
              <>
                , covers{" "}
                <IntervalName
                  from={artifact.coversFrom.toISOString()}
                  to={artifact.coversTo.toISOString()}
                  zone={task.timezone}
                  short={artifact.coversTo.getTime() - artifact.coversFrom.getTime() >= 82_800_000}
                />
              </>
            )}
          </p>
          <UsedBy records={usedBy.get(artifact.id) ?? []} />
        </div>
      ))}
      {missing.map((kind) => (
        <div key={kind} className="art none">
          <div className="row">
            <Icon name="file" />
            <b className="strong q">{names[kind]}</b>
            <span className="push qq figs">{kind === "raw" ? "not fetched" : "not written"}</span>
          </div>
          <p className="figs qq">
            {kind === "raw" ? "Kept as soon as the source answers" : "Written when transformation succeeds"}
          </p>
        </div>
      ))}
    </Card>
  );
}

const names = { raw: "Raw answer", transformed: "Transformed readings" } as const;

/** `json` of `…/2026-11-22.json`. */
function formatOf({ key, contentType }: Artifact): string {
  const extension = /\.([A-Za-z0-9]{1,8}(?:\.gz)?)$/.exec(key)?.[1];
  return (extension ?? contentType.split(";", 1)[0] ?? "bytes").toLowerCase();
}

function originWords({ origin }: Artifact): string {
  if (origin.kind === "api") return " from the vendor";
  if (origin.kind === "upload") return ` from ${String(origin.fileName)}, uploaded by ${String(origin.by)}`;
  if (origin.kind === "s3") return ` from the bucket ${String(origin.bucket)}`;
  return "";
}
