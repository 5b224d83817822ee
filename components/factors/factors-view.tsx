"use client";

import { parseAsString, useQueryState } from "nuqs";
import { Card } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { useNow } from "@/components/ui/zone";
import type { Action } from "@/lib/action";
import type { FactorLine } from "@/lib/factors/factor-table";
import type { FactorUse } from "@/lib/factors/factor-use";
import type { CreateFactor, PlanFactor } from "./add-factor";
import { FactorDrawer } from "./factor-drawer";
import { type Axis, axisOf, holdsAt, isShort, methodWords, percent, spanOf } from "./validity";

/** Regions down, time across: a bar a factor, from which day to which it holds. A bar opens the factor, which the URL names. */
export function FactorsView(props: {
  lines: readonly FactorLine[];
  mayEdit: boolean;
  plan: PlanFactor;
  create: CreateFactor;
  use: Action<FactorUse>;
}) {
  const { lines } = props;
  const now = useNow(60);
  const [chosen, setChosen] = useQueryState("factor", parseAsString.withOptions({ history: "push" }));
  const all = lines.flatMap((line) => line.factors);
  const line = lines.find(({ factors, superseded }) => [...factors, ...superseded].some(({ id }) => id === chosen));
  const factor = line && [...line.factors, ...line.superseded].find(({ id }) => id === chosen);
  if (lines.length === 0) {
    return (
      <Card>
        <Empty title="No factors yet">Without a factor for its region a meter's energy gives no carbon.</Empty>
      </Card>
    );
  }
  const axis = axisOf(all, now);
  return (
    <>
      <Card className="factors">
        <table aria-label="Emission factors by region">
          <thead>
            <tr>
              <th scope="col">Region</th>
              <th scope="col" className="fx-axis">
                <span className="sr">Validity by year</span>
                {axis.years.map((year) => (
                  <span key={year} aria-hidden="true" style={{ left: percent(Date.UTC(year, 0, 1) - axis.from, axis) }}>
                    {year}
                  </span>
                ))}
              </th>
              <th scope="col" className="num">
                Now
              </th>
              <th scope="col" className="num fx-meters">
                Meters
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((each) => (
              <Line key={each.id} line={each} axis={axis} now={now} chosen={chosen} onChoose={setChosen} />
            ))}
          </tbody>
        </table>
      </Card>
      <FactorDrawer
        key={factor?.id}
        factor={factor ?? null}
        line={line ?? null}
        mayEdit={props.mayEdit}
        plan={props.plan}
        create={props.create}
        use={props.use}
        onChoose={(id) => void setChosen(id)}
        onClose={() => void setChosen(null)}
      />
    </>
  );
}

function Line(props: {
  line: FactorLine;
  axis: Axis;
  now: Date;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const { line, axis, now, chosen, onChoose } = props;
  const current = line.factors.find((factor) => holdsAt(factor, now));
  return (
    <tr>
      <th scope="row">
        <span className="two">
          <b>{line.region}</b>
          <span>
            {line.publisher}, {methodWords[line.method]}
            {line.scope !== "2" && `, scope ${line.scope}`}
          </span>
        </span>
      </th>
      <td className="fx-track">
        {line.factors.map((factor) => (
          <button
            key={factor.id}
            type="button"
            className={cx(
              "fx-bar",
              factor === current && "now",
              factor.id === chosen && "on",
              !factor.validTo && "open",
            )}
            style={spanOf(factor, axis)}
            aria-label={`${factor.value} ${factor.edition}, ${line.region}, from ${factor.validFrom.toISOString().slice(0, 10)}${factor.validTo ? ` until ${factor.validTo.toISOString().slice(0, 10)}` : ", open"}`}
            onClick={() => onChoose(factor.id)}
          >
            {!isShort(factor, axis) && (
              <>
                <b>{factor.value}</b> <span>{factor.edition}</span>
              </>
            )}
          </button>
        ))}
        <i className="fx-now" style={{ left: percent(now.getTime() - axis.from, axis) }} />
      </td>
      <td className="num">{current ? <b className="strong">{current.value}</b> : <span className="qq">none</span>}</td>
      <td className="num fx-meters">{line.meters || <span className="qq">0</span>}</td>
    </tr>
  );
}
