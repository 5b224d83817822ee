import Link from "next/link";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { JobDto } from "@/lib/jobs/schemas";
import { durationWords } from "./duration-words";

/** What a job was told to do, in words, with what its meter's type says beside it. */
export function JobSettings(props: {
  job: JobDto;
  source: { label: string; availabilityLag: string; restatementWindow: string };
  canEdit: boolean;
}) {
  const { job, source, canEdit } = props;
  const zone = job.timezone;
  return (
    <Card className="settings-card">
      <CardHead
        title="Settings"
        rule
        end={
          canEdit &&
          job.status !== "ended" && (
            <LinkButton small icon="edit" href={`/jobs/${job.id}/edit`}>
              Edit
            </LinkButton>
          )
        }
      />
      <CardBody className="settings">
        <Group title="What">
          <Line name="Name">{job.name}</Line>
          <Line name="Meter">
            <Link className="link" href={`/meters/${job.meterId}`}>
              {job.meterName}
            </Link>
          </Line>
          <Line name="Type" note="Collects, transforms and ingests readings">
            {job.type.toUpperCase()}
          </Line>
        </Group>
        <Group title="When">
          <Line name="Start">
            <Time at={job.startAt} zone={zone} style="full-date" named />
          </Line>
          <Line name="End">
            {job.endAt ? <Time at={job.endAt} zone={zone} style="full-date" named /> : "none, it goes on"}
          </Line>
          <Line name="Interval" note="What one task covers">
            <Duration iso={job.interval} />
          </Line>
          <Line name="Days follow">{zone}</Line>
          <Line
            name="Delay"
            note={`How long after its end an interval is collected. ${source.label} data is expected after ${durationWords(source.availabilityLag)}.`}
          >
            <Duration iso={job.delay} />
          </Line>
        </Group>
        <Group title="How">
          <Line
            name="Read again"
            note={`Trailing intervals read with every task. ${source.label} may change data for ${durationWords(source.restatementWindow)}.`}
          >
            {job.rereadIntervals === 0
              ? "none"
              : `${job.rereadIntervals} ${job.rereadIntervals === 1 ? "interval" : "intervals"}`}
          </Line>
          <Line name="Retries" note="Before a task is failed. Waiting for quota spends none.">
            {job.maxRetries === 0 ? "none" : `up to ${job.maxRetries}`}
          </Line>
          <Line name="Archived bytes">
            {job.forceOverride ? "not used: the source is always asked" : "used where they cover the interval"}
          </Line>
        </Group>
        <p className="figs qq">
          Added <Time at={job.createdAt} zone={zone} style="date-time" named />, changed{" "}
          <Time at={job.updatedAt} zone={zone} style="date-time" />
        </p>
      </CardBody>
    </Card>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="h2">{title}</h3>
      <dl className="kv l">{children}</dl>
    </section>
  );
}

function Line({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children}
        {note && <span className="figs qq block">{note}</span>}
      </dd>
    </>
  );
}

function Duration({ iso }: { iso: string }) {
  return (
    <>
      {durationWords(iso)} <code className="qq">{iso}</code>
    </>
  );
}
