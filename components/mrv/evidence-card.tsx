import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatNumber } from "@/components/ui/format";
import { sizeWords } from "@/components/uploads/size-words";
import type { EvidenceFactor, EvidenceManifest } from "@/lib/mrv/evidence/manifest";
import { longHash, shortHash } from "./record-words";

/** What a record's figures rest on, by hash, and the bundle that has all of it. */
export function EvidenceCard(props: {
  recordId: string;
  evidenceHash: string;
  evidence: EvidenceManifest;
  /** Nobody has decided yet. */
  isOpen: boolean;
}) {
  const { recordId, evidenceHash, evidence, isOpen } = props;
  const raw = evidence.objects.filter(({ kind }) => kind === "raw");
  const transformed = evidence.objects.length - raw.length;
  const [factor, ...others] = evidence.factors;
  return (
    <Card>
      <CardHead
        title="Evidence"
        rule
        end={
          <a className="link" href={`/api/v1/mrv-records/${recordId}/evidence`} download>
            Download bundle
          </a>
        }
      />
      <CardBody className="hashes py-1.5">
        <div className="hashrow">
          <span>Evidence hash</span>
          <span className="row">
            <code title={evidenceHash}>{longHash(evidenceHash)}</code>
            <CopyButton text={evidenceHash} label="Copy the evidence hash" />
          </span>
          <span className="d">
            {isOpen ? "Approval binds to this; it is refused if the record changes" : "The decision binds to this"}
          </span>
        </div>
        <div className="hashrow">
          <span>Readings</span>
          <code title={evidence.readings.sha256}>{shortHash(evidence.readings.sha256)}</code>
          <span className="d">
            {formatNumber(evidence.readings.count)} canonical {evidence.readings.count === 1 ? "row" : "rows"},{" "}
            <Link className="link" href={`/mrv/records/${recordId}?tab=readings`}>
              see them
            </Link>
          </span>
        </div>
        <div className="hashrow">
          <span>Raw objects</span>
          <Link className="link" href={`/mrv/records/${recordId}?tab=trace`}>
            {plural(raw.length, "object")}, {sizeWords(raw.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}
          </Link>
          <span className="d">
            each with SHA-256{transformed > 0 && `, transformed into ${plural(transformed, "object")} of readings`}
          </span>
        </div>
        <div className="hashrow">
          <span>{others.length > 0 ? "Factors" : "Factor"}</span>
          {factor && others.length === 0 ? (
            <span>
              {factor.value} {factor.unit}
            </span>
          ) : (
            <span className="qq">{factor ? plural(evidence.factors.length, "factor") : "none"}</span>
          )}
          {evidence.factors.map((each) => (
            <span key={each.id} className="d">
              {others.length > 0 && `${each.value} ${each.unit}, ${plural(each.readings, "reading")}: `}
              {factorWords(each)}
            </span>
          ))}
          {!factor && (
            <span className="d">
              {evidence.meter.region === null
                ? "The meter has no region, so no carbon is calculated"
                : "No reading has carbon: no factor of its region was valid"}
            </span>
          )}
        </div>
      </CardBody>
    </Card>
  );
}

function factorWords({ publisher, edition, region, scope, method }: EvidenceFactor): string {
  return [`${publisher} ${edition}`, region, `scope ${scope}`, method].filter(Boolean).join(", ");
}

function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
