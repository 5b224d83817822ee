import type { Metadata } from "next";
import { AddFactor } from "@/components/factors/add-factor";
import { FactorsView } from "@/components/factors/factors-view";
import { RecomputeRegion } from "@/components/factors/recompute-region";
import { RecomputesCard } from "@/components/factors/recomputes-card";
import { Live } from "@/components/shell/live";
import { Note } from "@/components/ui/note";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { factorTable } from "@/lib/factors/factor-table";
import { listRecomputes } from "@/lib/factors/recompute/progress";
import { getDb } from "@/lib/runtime";
import {
  createFactorAction,
  factorUseAction,
  planFactorAction,
  planRecomputeAction,
  startRecomputeAction,
} from "./actions";

export const metadata: Metadata = { title: "Emission factors" };

export default async function FactorsPage() {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const [lines, recomputes] = await Promise.all([factorTable(ctx), listRecomputes(ctx)]);
  const mayEdit = can(actor, "factors:edit");
  const regions = [...new Set(lines.map(({ region }) => region))];
  const running = recomputes.filter(({ status }) => status === "running").length;
  const starter = lines.some(({ factors }) => factors.some(({ note }) => note?.startsWith("Check against")));
  return (
    <>
      <PageHeader
        title="Emission factors"
        state={
          <>
            <span>kg CO₂-e per kWh, for {regions.length === 1 ? "1 region" : `${regions.length} regions`}</span>
            {running > 0 && <State state="running">Stored carbon is recomputed</State>}
          </>
        }
        actions={
          mayEdit && (
            <>
              {regions.length > 0 && (
                <RecomputeRegion regions={regions} plan={planRecomputeAction} start={startRecomputeAction} />
              )}
              <AddFactor regions={regions} plan={planFactorAction} create={createFactorAction} />
            </>
          )
        }
      />
      {running > 0 && <Live seconds={5} />}
      {starter && (
        <Note title="Check these against the publisher's workbook">
          The starter set was copied from public transcriptions: the values, and which edition covers which period.
        </Note>
      )}
      <FactorsView
        lines={lines}
        mayEdit={mayEdit}
        plan={planFactorAction}
        create={createFactorAction}
        use={factorUseAction}
      />
      {recomputes.length > 0 && <RecomputesCard recomputes={recomputes} lines={lines} />}
    </>
  );
}
