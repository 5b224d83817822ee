import type { ReactNode } from "react";
import type { CredentialPreview } from "@/lib/mrv/field-map/credential-preview";
import type { RecordRow } from "@/lib/mrv/queries/record";
import type { RecordChart } from "@/lib/mrv/queries/record-chart";
import type { MayApprove, RecordSummary, Touched } from "@/lib/mrv/schemas";
import { reviewStatuses } from "@/lib/mrv/statuses";
import { ChecksCard } from "./checks-card";
import { CredentialCard } from "./credential-card";
import { EarlierCard } from "./earlier-card";
import { EvidenceCard } from "./evidence-card";
import { PeriodCard } from "./period-card";
import { RecordFigures } from "./record-figures";
import { TouchedCard } from "./touched-card";

export interface RecordEvidence {
  row: RecordRow;
  record: RecordSummary;
  jobName: string;
  chart: RecordChart;
  earlier: RecordSummary[];
  touched: Touched[];
  may: MayApprove;
  preview: CredentialPreview;
  /** Its readings changed since it was made, and nobody has decided yet. */
  isOutdated: boolean;
}

/** All that a record rests on, in the order in which a reviewer asks. `head` stands over its figures. */
export function EvidenceCards({ shown, head }: { shown: RecordEvidence; head?: ReactNode }) {
  const { row, record, jobName, chart, earlier, touched, may, preview } = shown;
  const isOpen = (reviewStatuses as readonly string[]).includes(record.status) && record.replacedAt === null;
  return (
    <>
      <section className="card">
        {head}
        <RecordFigures record={record} evidence={row.evidence} />
      </section>
      <PeriodCard
        key={record.id}
        chart={chart}
        from={record.periodStart.toISOString()}
        to={record.periodEnd.toISOString()}
        zone={record.timezone}
        isRestated={record.restatedAt !== null}
      />
      <ChecksCard checks={row.checks} record={record} jobName={jobName} />
      <EarlierCard record={record} earlier={earlier} />
      <div className="two-up">
        <EvidenceCard recordId={record.id} evidenceHash={record.evidenceHash} evidence={row.evidence} isOpen={isOpen} />
        <TouchedCard touched={touched} may={isOpen ? may : null} zone={record.timezone} />
      </div>
      <CredentialCard preview={preview} isSigned={row.credential !== null} />
    </>
  );
}
