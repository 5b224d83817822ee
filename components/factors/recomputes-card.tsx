import { Card, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import { Age } from "@/components/ui/time";
import type { FactorLine } from "@/lib/factors/factor-table";
import type { RecomputeDto } from "@/lib/factors/recompute/schemas";

/** Recomputes of stored carbon, newest first. */
export function RecomputesCard(props: { recomputes: readonly RecomputeDto[]; lines: readonly FactorLine[] }) {
  const { recomputes, lines } = props;
  const editions = new Map(
    lines.flatMap(({ factors, superseded }) => [...factors, ...superseded].map(({ id, edition }) => [id, edition])),
  );
  return (
    <Card>
      <CardHead title="Recomputes" note={`last ${recomputes.length}`} rule />
      {recomputes.map((each) => (
        <div key={each.id} id={`recompute-${each.id}`} className="fx-run">
          <span className="row">
            <b className="strong">{each.region}</b>
            <span className="qq">
              {each.factorId ? `for edition ${editions.get(each.factorId) ?? "that is gone"}` : "ordered by itself"}, by{" "}
              {each.createdBy}, <Age at={each.createdAt} />
            </span>
            <span className="push">
              {each.status === "done" ? <State state="succeeded">Done</State> : <State state="running">Running</State>}
            </span>
          </span>
          <span
            className="bar"
            role="img"
            aria-label={`${each.partsDone} of ${each.parts} months of meters are recomputed`}
          >
            <i style={{ width: `${(each.partsDone / Math.max(1, each.parts)) * 100}%` }} />
          </span>
          <span className="qq figs">
            {formatNumber(each.rowsChanged)} of {formatNumber(Math.max(each.rowsPlanned, each.rowsChanged))} readings,{" "}
            {formatNumber(each.partsDone)} of {formatNumber(each.parts)} months of meters
          </span>
        </div>
      ))}
    </Card>
  );
}
