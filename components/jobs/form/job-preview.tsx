"use client";

import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Effect } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/skeleton";
import { Age, Time } from "@/components/ui/time";
import type { JobPreview as Preview } from "@/lib/jobs/preview-job";

/** What the job would do as the form stands: at once, and every day from then on. */
export function JobPreview(props: {
  preview: Preview | null;
  isCounting: boolean;
  /** Why nothing can be counted. */
  why: string | null;
  timezone: string;
  type: "etl" | "mrv";
}) {
  const { preview, isCounting, why, timezone, type } = props;
  return (
    <Card className="plan" aria-label="What it will do">
      <CardHead title="What it will do" rule />
      <CardBody>
        {why && <p className="q">{why}</p>}
        {!why && !preview && <Skeleton height="220px" width="100%" />}
        {!why && preview && (
          <>
            <Effect isCounting={isCounting}>
              <div>
                <span>Tasks at once</span>
                <b>{formatNumber(preview.tasksNow)}</b>
                <small>
                  {preview.dueUntil ? (
                    <>
                      <Time at={preview.firstInterval} until={preview.dueUntil} zone={timezone} named />, behind live
                      work
                    </>
                  ) : (
                    "Nothing is due yet"
                  )}
                </small>
              </div>
              {preview.tasksNow > 0 && (
                <>
                  {type === "etl" && (
                    <div>
                      <span>Vendor calls for them</span>
                      <b>{preview.callsNow === 0 ? "none" : `about ${formatNumber(preview.callsNow)}`}</b>
                      {preview.quotaLeft !== null && preview.callsNow > 0 && (
                        <small>{formatNumber(preview.quotaLeft)} left of the account's day</small>
                      )}
                    </div>
                  )}
                  <div>
                    <span>{type === "etl" ? "Readings expected" : "Readings recorded"}</span>
                    <b>{formatNumber(preview.readingsNow)}</b>
                  </div>
                </>
              )}
              <div>
                <span>{preview.tasksNow > 0 ? "Then next due" : "First due"}</span>
                <b>
                  {preview.nextDueAt ? <Time at={preview.nextDueAt} zone={timezone} named /> : "never: it ends before"}
                </b>
                {preview.nextDueAt && (
                  <small>
                    <Age at={preview.nextDueAt} zone={timezone} />
                  </small>
                )}
              </div>
              {preview.nextDueAt && (
                <div>
                  <span>Tasks a day</span>
                  <b>{perDay(preview.tasksPerDay)}</b>
                  {preview.callsPerDay > 0 && <small>{perDay(preview.callsPerDay)} vendor calls a day, about</small>}
                </div>
              )}
            </Effect>
            {!preview.isFed && (
              <Note state="waiting" title="Nothing collects this meter">
                Records are made of stored readings, and of intervals that no job collects there are none: add a job
                that collects it, too.
              </Note>
            )}
            {preview.otherJobs > 0 && (
              <Note state="waiting" title="Another job collects this meter">
                {preview.otherJobs === 1
                  ? "Both would bring the same readings. End the other one, or let this one end where it begins."
                  : `${preview.otherJobs} others do. All would bring the same readings.`}
              </Note>
            )}
          </>
        )}
      </CardBody>
    </Card>
  );
}

function perDay(count: number): string {
  return count >= 1 ? formatNumber(count) : `1 in ${formatNumber(1 / count)} days`;
}
