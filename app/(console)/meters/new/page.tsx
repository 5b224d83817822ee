import type { Metadata } from "next";
import { MeterForm } from "@/components/meters/meter-form";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { emissionRegions, meterTypeOptions, s3FormOptions } from "@/lib/meters/form-options";
import { shellFacts } from "@/lib/overview/shell-facts";
import { getDb } from "@/lib/runtime";
import { createMeterAction, csvBucketSampleAction, readCsvSampleAction, testMeterDraftAction } from "../actions";

export const metadata: Metadata = { title: "Add meter" };

export default async function NewMeterPage() {
  const actor = await requireActor();
  const crumbs = [{ href: "/meters", label: "Meters" }];
  if (!can(actor, "meters:edit")) {
    return (
      <>
        <PageHeader title="Add meter" crumbs={crumbs} />
        <Card>
          <Empty title="Your role does not add meters">Ask an operator or an administrator.</Empty>
        </Card>
      </>
    );
  }
  const db = getDb();
  const [regions, { siteZone }] = await Promise.all([emissionRegions(db), shellFacts({ db, actor })]);
  return (
    <>
      <PageHeader title="Add meter" crumbs={crumbs} />
      <MeterForm
        meter={null}
        types={meterTypeOptions()}
        s3={s3FormOptions()}
        timezones={Intl.supportedValuesOf("timeZone")}
        regions={regions}
        defaultTimezone={siteZone === "UTC" ? "Australia/Sydney" : siteZone}
        save={createMeterAction}
        test={testMeterDraftAction}
        mapping={{ readSample: readCsvSampleAction, bucketSample: csvBucketSampleAction }}
      />
    </>
  );
}
