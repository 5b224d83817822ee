"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Switch } from "@/components/ui/choices";
import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { BackfillDto, BackfillPlan } from "@/lib/jobs/backfill/schemas";

type Mode = BackfillPlan["mode"];

export interface BackfillVerbs {
  plan: Action<BackfillPlan>;
  start: Action<BackfillDto>;
}

/** What a backfill of a range would do, counted now, and the button that does exactly that or is refused. */
export function BackfillPanel(
  props: BackfillVerbs & {
    jobId: string;
    timezone: string;
    from: string;
    to: string;
    onClose: () => void;
    onStarted: () => void;
  },
) {
  const { jobId, timezone, from, to, onClose, onStarted, plan: planAction, start } = props;
  const router = useRouter();
  const toast = useToast();
  const [mode, setMode] = useState<Mode>("missing");
  const [force, setForce] = useState(false);
  const [counted, setCounted] = useState<{ plan: BackfillPlan; at: Date } | { problem: string } | null>(null);
  const [turn, setTurn] = useState(0);
  const [isStarting, startTransition] = useTransition();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a refusal raises `turn`, so that it is counted again.
  useEffect(() => {
    let isStale = false;
    setCounted(null);
    void planAction(null, { jobId, from, to, mode, force }).then((answer) => {
      if (!isStale) setCounted(answer.ok ? { plan: answer.data, at: new Date() } : { problem: answer.message });
    });
    return () => {
      isStale = true;
    };
  }, [planAction, jobId, from, to, mode, force, turn]);

  const plan = counted && "plan" in counted ? counted.plan : null;
  const tasks = plan ? plan.intervals.toCreate + plan.intervals.toRedo : 0;
  const run = () =>
    startTransition(async () => {
      if (!plan) return;
      const answer = await start(null, { jobId, from, to, mode, force, planToken: plan.planToken });
      if (!answer.ok) {
        toast({ title: "Refused", detail: answer.message, state: "failed" });
        setTurn(turn + 1);
        return;
      }
      toast({ title: `${formatNumber(tasks)} tasks queued`, link: { href: `/tasks?job=${jobId}`, label: "Follow" } });
      onStarted();
      router.refresh();
    });

  return (
    <Card className="plan" aria-label="Backfill preview" data-holds-refresh="">
      <CardHead title="Backfill preview" rule end={<IconButton icon="close" label="Close" onClick={onClose} />} />
      <CardBody>
        <dl className="kv">
          <dt>From</dt>
          <dd className="strong">
            <Time at={from} zone={timezone} named />
          </dd>
          <dt>To</dt>
          <dd className="strong">
            <Time at={to} zone={timezone} />
          </dd>
        </dl>
        <Segmented<Mode>
          label="Which intervals"
          value={mode}
          options={[
            { value: "missing", label: "Missing" },
            { value: "failed", label: "Failed" },
            { value: "all", label: "All" },
          ]}
          onChange={setMode}
        />
        <Switch checked={force} onChange={setForce}>
          Fetch again, ignoring archived bytes
        </Switch>
        {counted === null && <Skeleton height="200px" width="100%" />}
        {counted && "problem" in counted && (
          <Note state="failed" title="It cannot be planned">
            {counted.problem}
          </Note>
        )}
        {plan && <PlanEffect plan={plan} tasks={tasks} />}
        {counted && "plan" in counted && (
          <Note icon="lock">
            <p>
              Counted at <Time at={counted.at} zone={timezone} style="seconds" />. If any of this changed when you run
              it, it is refused and counted again.
            </p>
          </Note>
        )}
        <Button variant="primary" busy={isStarting} disabled={!plan || tasks === 0} onClick={run}>
          {tasks === 0 ? "Nothing to run" : `Run ${formatNumber(tasks)} tasks`}
        </Button>
      </CardBody>
    </Card>
  );
}

function PlanEffect({ plan, tasks }: { plan: BackfillPlan; tasks: number }) {
  return (
    <Effect>
      <EffectLine name="Tasks" value={formatNumber(tasks)} />
      <EffectLine
        name="Left alone"
        value={formatNumber(plan.intervals.leftAlone + plan.intervals.inFlight)}
        note="Finished as asked, or under way"
      />
      <EffectLine name="Vendor calls, about" value={formatNumber(plan.vendorCalls)} />
      {plan.quota && (
        <EffectLine name="Quota left" value={`${formatNumber(plan.quota.left)} of ${formatNumber(plan.quota.limit)}`} />
      )}
      <EffectLine name="Readings expected" value={formatNumber(plan.readingsExpected)} />
      <EffectLine
        name="Readings that may change"
        value={formatNumber(plan.readingsOverwritten)}
        note="A changed value keeps the old one as a revision"
      />
      {plan.notes.map((note) => (
        <div key={note}>
          <small>{note}</small>
        </div>
      ))}
    </Effect>
  );
}
