import type { RecordEvidence } from "@/components/mrv/evidence-cards";
import type { Ctx } from "@/lib/ctx";
import { credentialPreview } from "@/lib/mrv/field-map/credential-preview";
import { isOutdated } from "@/lib/mrv/queries/outdated";
import { earlierRecords, getRecordRow } from "@/lib/mrv/queries/record";
import { recordChart } from "@/lib/mrv/queries/record-chart";
import { toSummary } from "@/lib/mrv/queries/to-dto";
import { mayApprove } from "@/lib/mrv/review/may-approve";
import { touchedBy } from "@/lib/mrv/review/touched";
import type { MayApprove } from "@/lib/mrv/schemas";

/** What a page shows of a record beside the record itself, read side by side. Throws NotFound. */
export async function readEvidence(ctx: Ctx, recordId: string): Promise<RecordEvidence> {
  const { record: row, ...names } = await getRecordRow(ctx, { recordId });
  const [chart, earlier, touched, may, preview, outdated] = await Promise.all([
    recordChart(ctx, row, names.meterName),
    earlierRecords(ctx, row),
    touchedBy(ctx.db, row),
    mayApprove(ctx, row),
    credentialPreview(ctx, { recordId }),
    isOutdated(ctx, row),
  ]);
  return {
    row,
    record: toSummary(row, names),
    jobName: names.jobName,
    chart,
    earlier,
    touched,
    may: outdated ? outdatedMay(may) : may,
    preview,
    isOutdated: outdated,
  };
}

/** An approval would be refused: nobody is offered it. */
function outdatedMay(may: MayApprove): MayApprove {
  return { ...may, isAllowed: false, sentence: "Its readings changed since it was made: extract it again first." };
}
