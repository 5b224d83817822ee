import Link from "next/link";
import { LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { JobDto } from "@/lib/jobs/schemas";
import { metricOf } from "@/lib/metrics/registry";
import type { MrvSettings } from "@/lib/mrv/settings";
import { durationWords } from "./duration-words";
import { MrvSettingsGroups } from "./mrv-settings";
import { Group, Line } from "./settings-lines";

/** What a job was told to do, in words, with what its meter's type says beside it. */
export function JobSettings(props: {
  job: JobDto;
  source: { label: string; availabilityLag: string; restatementWindow: string };
  canEdit: boolean;
  /** Of an MRV job. */
  mrv: {
    settings: MrvSettings;
    device: { id: string; name: string; policyTag: string; ref: string } | null;
    crossCheckName: string | null;
  } | null;
}) {
  const { job, source, canEdit, mrv } = props;
  const done = mrv ? "recorded" : "collected";
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
          <Line
            name="Type"
            note={mrv ? "Makes, checks and submits records" : "Collects, transforms and ingests readings"}
          >
            {job.type.toUpperCase()}
          </Line>
          {mrv && (
            <Line name="Metric" note="Summed over the period">
              {metricOf(mrv.settings.MRV_METRIC).label}, {metricOf(mrv.settings.MRV_METRIC).unit}
            </Line>
          )}
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
            note={`How long after its end an interval is ${done}. ${source.label} data is expected after ${durationWords(source.availabilityLag)}.`}
          >
            <Duration iso={job.delay} />
          </Line>
        </Group>
        {mrv && <MrvSettingsGroups {...mrv} />}
        <Group title="How">
          {!mrv && (
            <Line
              name="Read again"
              note={`Trailing intervals read with every task. ${source.label} may change data for ${durationWords(source.restatementWindow)}.`}
            >
              {job.rereadIntervals === 0
                ? "none"
                : `${job.rereadIntervals} ${job.rereadIntervals === 1 ? "interval" : "intervals"}`}
            </Line>
          )}
          <Line name="Retries" note="Before a task is failed. Waiting for quota spends none.">
            {job.maxRetries === 0 ? "none" : `up to ${job.maxRetries}`}
          </Line>
          {!mrv && (
            <Line name="Archived bytes">
              {job.forceOverride ? "not used: the source is always asked" : "used where they cover the interval"}
            </Line>
          )}
        </Group>
        <p className="figs qq">
          Added <Time at={job.createdAt} zone={zone} style="date-time" named />, changed{" "}
          <Time at={job.updatedAt} zone={zone} style="date-time" />
        </p>
      </CardBody>
    </Card>
  );
}

function Duration({ iso }: { iso: string }) {
  return (
    <>
      {durationWords(iso)} <code className="qq">{iso}</code>
    </>
  );
}
