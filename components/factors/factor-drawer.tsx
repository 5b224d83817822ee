"use client";

import Link from "next/link";
import { useEffect, useEffectEvent, useState } from "react";
import { Drawer } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { FactorLine } from "@/lib/factors/factor-table";
import type { FactorUse } from "@/lib/factors/factor-use";
import type { FactorDto } from "@/lib/factors/schemas";
import { type CreateFactor, type PlanFactor, SupersedeFactor } from "./add-factor";
import { methodWords } from "./validity";

/** One factor: where it is from, when it holds, what used it, and what it replaced. */
export function FactorDrawer(props: {
  factor: FactorDto | null;
  line: FactorLine | null;
  mayEdit: boolean;
  plan: PlanFactor;
  create: CreateFactor;
  use: Action<FactorUse>;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const { factor, line, mayEdit, plan, create, use, onChoose, onClose } = props;
  const others = line?.superseded.filter(({ id }) => id !== factor?.id) ?? [];
  return (
    <Drawer
      title={factor ? `${factor.region}, edition ${factor.edition}` : "Factor"}
      open={factor !== null}
      onOpenChange={(open) => !open && onClose()}
      footer={
        factor && mayEdit && !factor.supersededAt ? (
          <SupersedeFactor factor={factor} plan={plan} create={create} />
        ) : undefined
      }
    >
      {factor && (
        <>
          {factor.supersededAt && (
            <Note title="Superseded">
              <p>
                <Time at={factor.supersededAt} />: used no more. Rows keep it until they are recomputed.
              </p>
            </Note>
          )}
          <dl className="kv">
            <dt>Value</dt>
            <dd>
              <b className="strong">{factor.value}</b> kg CO₂-e/kWh
            </dd>
            <dt>Method</dt>
            <dd>
              {methodWords[factor.method]}, scope {factor.scope}
            </dd>
            <dt>Holds</dt>
            <dd>
              from <Time at={factor.validFrom} zone="UTC" style="full-date" />
              {factor.validTo ? (
                <>
                  {" "}
                  until <Time at={factor.validTo} zone="UTC" style="full-date" />, exclusive
                </>
              ) : (
                ", until another one begins"
              )}
            </dd>
            <dt>Publisher</dt>
            <dd>{factor.publisher}</dd>
            <dt>Source</dt>
            <dd>{factor.source}</dd>
            {factor.note && (
              <>
                <dt>Note</dt>
                <dd>{factor.note}</dd>
              </>
            )}
          </dl>
          <Use factorId={factor.id} use={use} />
          {others.length > 0 && (
            <section className="srcs">
              <h3>Superseded before</h3>
              {others.map((other) => (
                <p key={other.id}>
                  <button type="button" className="link" onClick={() => onChoose(other.id)}>
                    {other.edition}: {other.value}
                  </button>{" "}
                  <span className="qq">
                    from <Time at={other.validFrom} zone="UTC" style="date" />
                  </span>
                </p>
              ))}
            </section>
          )}
        </>
      )}
    </Drawer>
  );
}

/** Counted when it is looked at: on a large table that takes a moment. */
function Use({ factorId, use }: { factorId: string; use: Action<FactorUse> }) {
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof use>> | null>(null);
  // The verb comes anew with every answer of the server, which is no reason to count again.
  const count = useEffectEvent((id: string) => use(null, { factorId: id }));
  useEffect(() => {
    let isCurrent = true;
    void count(factorId).then((state) => isCurrent && setAnswer(state));
    return () => {
      isCurrent = false;
    };
  }, [factorId]);
  return (
    <section className="srcs">
      <h3>What used it</h3>
      {!answer && <SkeletonRows rows={3} />}
      {answer && !answer.ok && <Note state="failed">{answer.message}</Note>}
      {answer?.ok && answer.data.rows === 0 && <p className="q">No stored reading.</p>}
      {answer?.ok && answer.data.rows > 0 && (
        <>
          <p className="q">
            {formatNumber(answer.data.rows)} readings of{" "}
            {answer.data.meters.length === 1 ? "1 meter" : `${formatNumber(answer.data.meters.length)} meters`}
          </p>
          <ul className="factor-uses">
            {answer.data.meters.map((meter) => (
              <li key={meter.meterId} className="row">
                <Link className="link" href={`/meters/${meter.meterId}`}>
                  {meter.meterName}
                </Link>
                <span className="qq">
                  {meter.months[0]?.month}
                  {meter.months.length > 1 && ` to ${meter.months.at(-1)?.month}`}
                </span>
                <span className="push">{formatNumber(meter.rows)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
