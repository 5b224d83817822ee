import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { formatNumber, formatSigned } from "@/components/ui/format";
import { Age, Time } from "@/components/ui/time";
import type { Restatement } from "@/lib/readings/restatements";

/** What later collections and recomputes of carbon changed, newest first. */
export function RestatementsCard(props: { restatements: readonly Restatement[]; meterId: string; timezone: string }) {
  const { restatements, meterId, timezone } = props;
  return (
    <Card>
      <CardHead title="Restatements" note={`last ${restatements.length}`} rule />
      {restatements.map((each) => (
        <div key={each.taskId ?? each.recomputeId} className="find">
          <i className="sw rs" />
          <span>
            <Link className="link" href={`/data?meters=${meterId}&from=${each.from}&to=${each.to}`}>
              <Time at={each.from} until={each.to} zone={timezone} />
            </Link>
          </span>
          <span className="tm">
            <Age at={each.at} zone={timezone} />
          </span>
          <span className="d">
            {each.readings === 1 ? "1 reading" : `${formatNumber(each.readings)} readings`}
            <Difference restatement={each} />
            {each.taskId ? (
              <>
                , by its <Link href={`/tasks/${each.taskId}`}>task</Link>
              </>
            ) : (
              <>
                , by a <Link href={`/factors#recompute-${each.recomputeId}`}>recompute of carbon</Link>
              </>
            )}
          </span>
        </div>
      ))}
    </Card>
  );
}

/** Of energy where a collection brought other readings, of carbon where it was recomputed. */
function Difference({ restatement }: { restatement: Restatement }) {
  const { recomputeId, beforeKwh, afterKwh, beforeTons, afterTons } = restatement;
  const [before, after, unit] = recomputeId ? [beforeTons, afterTons, "tCO₂-e"] : [beforeKwh, afterKwh, "kWh"];
  if (before === null || after === null) return null;
  return (
    <>
      , {formatNumber(before, 3)} to {formatNumber(after, 3)} {unit} ({formatSigned(after - before, 3)})
    </>
  );
}
