import type { RecordEvidence } from "@/components/mrv/evidence-cards";
import type { Ctx } from "@/lib/ctx";
import { credentialPreview } from "@/lib/mrv/field-map/credential-preview";
import { isOutdated } from "@/lib/mrv/queries/outdated";
import { earlierRecords, getRecordRow } from "@/lib/mrv/queries/record";
import { recordChart } from "@/lib/mrv/queries/record-chart";
import { toSummary } from "@/lib/mrv/queries/to-dto";
import { mayApprove } from "@/lib/mrv/review/may-approve";
import { touchedBy } from "@/lib/mrv/review/touched";

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
  return { row, record: toSummary(row, names), chart, earlier, touched, may, preview, isOutdated: outdated };
}
