"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { UsedBy } from "@/components/mrv/used-by";
import { Drawer } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Num } from "@/components/ui/num";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { Metric, MetricName } from "@/lib/metrics/registry";
import type { RecordSummary } from "@/lib/mrv/schemas";
import type { IntervalSources } from "@/lib/readings/interval-sources";
import type { ObjectOrigin } from "@/lib/readings/provenance";

/** Where an interval comes from, and the MRV records whose period it is in. */
export type IntervalTrace = IntervalSources & { records: RecordSummary[] };

export interface ChosenInterval {
  meterId: string;
  meterName: string;
  zone: string;
  metric: Metric & { name: MetricName };
  from: string;
  to: string;
  value: number | null;
}

/** Where an interval's readings come from: tasks, objects, hashes, back to the raw answer; and what was replaced. */
export function SourcesDrawer(props: {
  interval: ChosenInterval | null;
  /** Others that have the same interval. */
  meters: readonly { id: string; name: string }[];
  onMeter: (id: string) => void;
  read: Action<IntervalTrace>;
  onClose: () => void;
}) {
  const { interval, read, onClose } = props;
  const [answer, setAnswer] = useState<{ key: string; found: IntervalTrace | null; message: string } | null>(null);
  const [meterId, metric, from, to] = interval
    ? [interval.meterId, interval.metric.name, interval.from, interval.to]
    : [null, null, "", ""];
  const key = `${meterId} ${metric} ${from} ${to}`;
  useEffect(() => {
    if (meterId === null || metric === null) return;
    let isCurrent = true;
    void read(null, { meterId, from, to, metric }).then((state) => {
      if (!isCurrent) return;
      setAnswer({
        key: `${meterId} ${metric} ${from} ${to}`,
        found: state.ok ? state.data : null,
        message: state.ok ? "" : state.message,
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [meterId, metric, from, to, read]);
  const shown = answer?.key === key ? answer : null;
  return (
    <Drawer title="Where it comes from" open={interval !== null} onOpenChange={(open) => !open && onClose()}>
      {interval && (
        <>
          {props.meters.length > 1 && (
            <Segmented
              small
              label="Meter"
              value={interval.meterId}
              options={props.meters.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={props.onMeter}
            />
          )}
          <dl className="kv">
            <dt>Meter</dt>
            <dd>
              <Link className="link" href={`/meters/${interval.meterId}`}>
                {interval.meterName}
              </Link>
            </dd>
            <dt>Interval</dt>
            <dd>
              <Time at={interval.from} until={interval.to} zone={interval.zone} named />
            </dd>
            <dt>{interval.metric.label}</dt>
            <dd>
              <b className="strong">
                <Num value={interval.value} decimals={6} unit={interval.metric.unit} />
              </b>
            </dd>
          </dl>
          {!shown && <SkeletonRows rows={4} />}
          {shown && !shown.found && <Note state="failed">{shown.message}</Note>}
          {shown?.found && <Sources found={shown.found} interval={interval} />}
        </>
      )}
    </Drawer>
  );
}

function Sources({ found, interval }: { found: IntervalTrace; interval: ChosenInterval }) {
  const { sources, replaced, records } = found;
  if (sources.length === 0) return <p className="qq">No reading starts in this interval.</p>;
  return (
    <>
      {sources.map((source) => (
        <section key={`${source.taskId} ${source.object?.id}`} className="srcs">
          <h3>
            {source.readings === 1 ? "1 reading" : `${formatNumber(source.readings)} readings`} of the task{" "}
            <Link className="link" href={`/tasks/${source.taskId}`}>
              <Time at={source.taskFrom} until={source.taskTo} zone={interval.zone} />
            </Link>
          </h3>
          <p className="qq">
            Ingested <Time at={source.ingestedAt} zone={interval.zone} style="full" />
          </p>
          {source.object ? (
            <ObjectRow name="Transformed readings" object={source.object} zone={interval.zone} />
          ) : (
            <Note state="failed">The archive has no row for the object behind these readings.</Note>
          )}
          {source.inputs.map((object) => (
            <ObjectRow key={object.id} name="Raw, as received" object={object} zone={interval.zone} />
          ))}
        </section>
      ))}
      {records.length > 0 && (
        <section className="srcs">
          <h3>MRV records of this interval</h3>
          <UsedBy records={records} words="In" />
        </section>
      )}
      {replaced.length > 0 && (
        <section className="srcs">
          <h3>Replaced by restatements</h3>
          {replaced.map((each) => (
            <p key={`${each.at} ${each.revision}`}>
              <Time at={each.at} zone={interval.zone} /> revision {each.revision}:{" "}
              <Num value={each.value} decimals={6} unit={interval.metric.unit} />, replaced{" "}
              <Link
                className="link"
                href={
                  each.replacedByTaskId
                    ? `/tasks/${each.replacedByTaskId}`
                    : `/factors#recompute-${each.replacedByRecomputeId}`
                }
              >
                <Time at={each.replacedAt} zone={interval.zone} />
              </Link>
              {each.replacedByRecomputeId && " by a recompute of carbon"}
            </p>
          ))}
        </section>
      )}
    </>
  );
}

function ObjectRow({ name, object, zone }: { name: string; object: ObjectOrigin; zone: string }) {
  return (
    <div className="hashrow">
      <b>{name}</b>
      <span className="qq">
        {formatNumber(object.sizeBytes / 1024, 1)} KiB, <Time at={object.fetchedAt} zone={zone} />
      </span>
      {object.origin.kind === "api" && <code>{object.origin.url}</code>}
      {object.origin.kind === "s3" && (
        <code>
          s3://{object.origin.bucket}/{object.origin.key} {object.origin.etag}
        </code>
      )}
      {object.origin.kind === "upload" && (
        <code>
          {object.origin.fileName}, uploaded by {object.origin.by}
        </code>
      )}
      <code>{object.key}</code>
      <code>sha256 {object.sha256}</code>
    </div>
  );
}
