import Link from "next/link";
import { MeterJobs } from "@/components/meters/meter-jobs";
import { LinkButton } from "@/components/ui/button";
import { Card, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import type { MeterOverview } from "@/lib/fleet/meter-overview";
import type { MeterDto } from "@/lib/meters/schemas";

/** Jobs of a meter, on its first tab and on one of their own. */
export function MeterJobsCard({
  meter,
  overview,
  canEdit,
}: {
  meter: MeterDto;
  overview: MeterOverview;
  canEdit: boolean;
}) {
  const hasSource = meter.dataSourceType !== "UPLOAD";
  const add = canEdit && hasSource && `/jobs/new?meter=${meter.id}`;
  return (
    <Card>
      <CardHead
        title="Jobs"
        rule
        end={
          <>
            {canEdit && meter.deviceId && (
              <Link className="link" href={`/jobs/new?meter=${meter.id}&type=mrv`}>
                Add MRV job
              </Link>
            )}
            {add && (
              <Link className="link" href={add}>
                Add job
              </Link>
            )}
          </>
        }
      />
      {overview.jobs.length > 0 ? (
        <MeterJobs jobs={overview.jobs} timezone={meter.timezone} />
      ) : (
        <Empty
          title="No jobs on this meter yet"
          action={
            add && (
              <LinkButton href={add} icon="plus">
                Add job
              </LinkButton>
            )
          }
        >
          {hasSource
            ? "A job collects one interval at a time from the start you choose."
            : "There is no source to collect from: the first uploaded file makes the job that its days belong to."}
        </Empty>
      )}
    </Card>
  );
}
