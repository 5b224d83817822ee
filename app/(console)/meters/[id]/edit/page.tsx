import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { MeterForm } from "@/components/meters/meter-form";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { NotFound } from "@/lib/errors";
import { emissionRegions, meterTypeOptions, s3FormOptions } from "@/lib/meters/form-options";
import { getMeter } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { csvBucketSampleAction, readCsvSampleAction, testMeterDraftAction, updateMeterAction } from "../../actions";

export const metadata: Metadata = { title: "Edit meter" };

export default async function EditMeterPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireActor();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  if (!can(actor, "meters:edit")) {
    return (
      <>
        <PageHeader title="Edit" crumbs={[{ href: "/meters", label: "Meters" }]} />
        <Card>
          <Empty title="Your role does not change meters">Ask an operator or an administrator.</Empty>
        </Card>
      </>
    );
  }
  const db = getDb();
  const [meter, regions] = await Promise.all([getMeter({ db, actor }, { meterId: id }), emissionRegions(db)]).catch(
    (error) => {
      if (error instanceof NotFound) notFound();
      throw error;
    },
  );
  const crumbs = [
    { href: "/meters", label: "Meters" },
    { href: `/meters/${id}`, label: meter.name },
  ];
  return (
    <>
      <PageHeader title="Edit" crumbs={crumbs} />
      <MeterForm
        meter={meter}
        types={meterTypeOptions()}
        s3={s3FormOptions()}
        timezones={Intl.supportedValuesOf("timeZone")}
        regions={regions}
        defaultTimezone={meter.timezone}
        save={updateMeterAction}
        test={testMeterDraftAction}
        mapping={{ readSample: readCsvSampleAction, bucketSample: csvBucketSampleAction }}
      />
    </>
  );
}
