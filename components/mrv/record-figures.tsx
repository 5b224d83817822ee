import type { ReactNode } from "react";
import { formatNumber } from "@/components/ui/format";
import { KeyFigure } from "@/components/ui/key-figure";
import { Time } from "@/components/ui/time";
import type { EvidenceManifest } from "@/lib/mrv/evidence/manifest";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { notApplicableWords } from "./check-words";
import { decimalWords, percentWords } from "./record-words";

/** Digits behind the point of a big figure; the exact one stands below it where it has more. */
const MOST_DIGITS = { value: 3, carbon: 6 };

/** The four figures of a record: what is issued, its carbon, how whole it is, and what the checks said. */
export function RecordFigures({ record, evidence }: { record: RecordSummary; evidence: EvidenceManifest }) {
  const { value, carbonTons, unit, coverage, checksPassed, checksFailed, verifiedAt, timezone } = record;
  const checks = checksPassed + checksFailed;
  const notApplicable = notApplicableWords(record);
  const noun = unit === "kvarh" ? "Reactive energy" : "Energy";
  return (
    <div className="rv-figs">
      <KeyFigure
        label={`${noun}, ${record.metric}`}
        value={<Figure text={value} most={MOST_DIGITS.value} />}
        unit={value === null ? undefined : unit}
        note={
          <>
            {isCut(value, MOST_DIGITS.value) && <>exactly {decimalWords(value)}, </>}
            sum of {formatNumber(record.readings)} {record.readings === 1 ? "reading" : "readings"}
          </>
        }
      />
      <KeyFigure
        label="Carbon"
        value={<Figure text={carbonTons} most={MOST_DIGITS.carbon} />}
        unit={
          carbonTons === null ? undefined : (
            <>
              tCO<sub>2</sub>-e
            </>
          )
        }
        note={factorWords(evidence, record.metric)}
      />
      <KeyFigure label="Coverage" value={percentWords(coverage)} unit="%" note={qualityWords(record, evidence)} />
      <KeyFigure
        label="Checks passed"
        value={checks === 0 ? "–" : formatNumber(checksPassed)}
        unit={checks === 0 ? undefined : `of ${formatNumber(checks)}`}
        note={
          verifiedAt ? (
            <>
              {notApplicable && <>{notApplicable}, </>}
              <Time at={verifiedAt} zone={timezone} named />
            </>
          ) : (
            "not checked yet"
          )
        }
      />
    </div>
  );
}

function Figure({ text, most }: { text: string | null; most: number }): ReactNode {
  return text === null ? "none" : <span title={decimalWords(text)}>{decimalWords(text, most)}</span>;
}

function isCut(text: string | null, most: number): text is string {
  return text !== null && (text.split(".")[1] ?? "").length > most;
}

/** Carbon is the net energy's, whichever metric is recorded: where they differ, the figure beside it times the factor is another. */
function factorWords({ factors, figures }: EvidenceManifest, metric: RecordSummary["metric"]): string {
  const [factor, ...others] = factors;
  if (!factor) return figures.carbonTons === null ? "no emission factor" : "factor not named";
  const times = others.length === 0 ? `× ${factor.value} ${factor.unit}` : `× ${formatNumber(factors.length)} factors`;
  return metric === NET_ENERGY ? times : `${NET_ENERGY} ${times}`;
}

const NET_ENERGY = "eRealKwh";

/** `no gap, no estimate`, `longest gap 95 min, 3 estimated`. */
function qualityWords(record: RecordSummary, { coverage, qualities }: EvidenceManifest): string {
  const missing = record.expected - record.readings;
  const other = Object.entries(qualities).reduce((sum, [name, count]) => sum + (name === "actual" ? 0 : count), 0);
  const gap = missing > 0 ? `longest gap ${formatNumber(coverage.longestGapMinutes)} min` : "no gap";
  return `${gap}, ${other === 0 ? "no estimate" : `${formatNumber(other)} not actual`}`;
}
