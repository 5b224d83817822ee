"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState, useTransition } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Switch } from "@/components/ui/choices";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { BackfillDto, BackfillPlan } from "@/lib/jobs/backfill/schemas";
import { startWords } from "../../tasks/start-words";
import { type InstantRange, spanOf } from "../grid/selection";
import { BackfillEffect } from "./backfill-effect";
import { BackfillRange } from "./backfill-range";

type Mode = BackfillPlan["mode"];

export interface BackfillVerbs {
  plan: Action<BackfillPlan>;
  start: Action<BackfillDto>;
}

/** Typing a day must not count at every key. */
const COUNT_AFTER_MS = 300;

/**
 * What a backfill would do, counted now, and the button that does exactly that or is refused. Of the selected intervals, or of
 * days that are typed where nothing is selected.
 */
export function BackfillPanel(
  props: BackfillVerbs & {
    jobId: string;
    timezone: string;
    ranges: readonly InstantRange[] | null;
    /** The selection in words. */
    box: { days: string; hours: string | null } | null;
    /** First and last day for a range that is typed. */
    firstDay: string;
    today: string;
    onStarted: () => void;
    onClose: () => void;
  },
) {
  const { jobId, timezone, ranges, box, firstDay, today, onStarted, onClose, plan: planAction, start } = props;
  const router = useRouter();
  const toast = useToast();
  const [mode, setMode] = useState<Mode>("incomplete");
  const [force, setForce] = useState(false);
  const [days, setDays] = useState({ from: firstDay, to: today });
  const [counted, setCounted] = useState<Counted | null>(null);
  const [isCounting, setCounting] = useState(true);
  const [notice, setNotice] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const [isStarting, startTransition] = useTransition();
  const order = useMemo(() => {
    const range = spanOf(ranges ?? []) ?? days;
    return { jobId, mode, force, ...range, ranges: ranges && ranges.length > 1 ? ranges : undefined };
  }, [jobId, mode, force, ranges, days]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a refusal raises `turn`, so that it is counted again.
  useEffect(() => {
    let isStale = false;
    setCounting(true);
    const timer = setTimeout(() => {
      void planAction(null, order).then((answer) => {
        if (isStale) return;
        setCounting(false);
        setCounted(
          answer.ok ? { plan: answer.data, at: new Date() } : { problem: answer.message, fields: answer.fields },
        );
      });
    }, COUNT_AFTER_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [planAction, order, turn]);

  const plan = counted && "plan" in counted ? counted.plan : null;
  const fields = counted && "fields" in counted ? counted.fields : {};
  const tasks = plan ? plan.intervals.toCreate + plan.intervals.toRedo : 0;
  const byMode = (of: Mode) => (plan ? ` ${formatNumber(plan.tasksByMode[of])}` : "");
  const run = () =>
    startTransition(async () => {
      if (!plan) return;
      setNotice(null);
      const answer = await start(null, { ...order, planToken: plan.planToken });
      if (!answer.ok) {
        setNotice(answer.message);
        setTurn(turn + 1);
        return;
      }
      const link = { href: `/jobs/${jobId}?tab=backfills`, label: "Follow" };
      toast({
        title: `${formatNumber(tasks)} ${tasks === 1 ? "task" : "tasks"} queued`,
        detail: startWords(answer),
        link,
      });
      onStarted();
      onClose();
      router.refresh();
    });
  const copy = async () => {
    if (!plan) return;
    await navigator.clipboard.writeText(apiCall(window.location.origin, plan, order.ranges));
    toast({ title: "Copied", detail: "Put a token in the place of TOKEN. It does exactly this plan, or is refused." });
  };

  return (
    <Card className="plan" aria-label="Backfill preview" data-holds-refresh="">
      <CardHead title="Backfill preview" rule end={<IconButton icon="close" label="Close" onClick={onClose} />} />
      <CardBody>
        <BackfillRange box={box} days={days} onDays={setDays} fields={fields} plan={plan} today={today} />
        <div className="field">
          <span className="lab">Which intervals</span>
          <Segmented<Mode>
            label="Which intervals"
            value={mode}
            options={[
              { value: "failed", label: `Failed${byMode("failed")}` },
              { value: "incomplete", label: `+ no data${byMode("incomplete")}` },
              { value: "all", label: `All${byMode("all")}` },
            ]}
            onChange={setMode}
          />
        </div>
        {plan?.type !== "mrv" && (
          <div className="opt">
            <span>
              <span className="lab">Fetch again</span>
              <br />
              <span className="figs qq">Ignore archived bytes, ask the vendor</span>
            </span>
            <Switch checked={force} onChange={setForce} label="Fetch again" />
          </div>
        )}
        {counted && "problem" in counted && Object.keys(fields).length === 0 && (
          <Note state="failed" title="It cannot be planned">
            {counted.problem}
          </Note>
        )}
        {notice && (
          <Note state="waiting" title="Refused and counted again" role="status">
            {notice}
          </Note>
        )}
        {plan ? (
          <BackfillEffect plan={plan} tasks={tasks} isCounting={isCounting} timezone={timezone} />
        ) : (
          counted === null && <Skeleton height="260px" width="100%" />
        )}
        {counted && "plan" in counted && (
          <Note icon="lock">
            <p className="figs">
              Counted at <Time at={counted.at} zone={timezone} style="seconds" />. If any of this changed when you run
              it, it is refused and counted again.
            </p>
          </Note>
        )}
        <div className="row">
          <Button
            variant="primary"
            className="grow"
            busy={isStarting}
            disabled={!plan || tasks === 0 || isCounting}
            onClick={run}
          >
            {plan && tasks === 0
              ? "Nothing to run"
              : plan
                ? `Run ${formatNumber(tasks)} ${tasks === 1 ? "task" : "tasks"}`
                : "Run"}
          </Button>
          <Button disabled={!plan || tasks === 0} onClick={() => void copy()}>
            Copy as API call
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}

type Counted = { plan: BackfillPlan; at: Date } | { problem: string; fields: FieldErrors };

/** The same order for a shell. The token in it names this very plan. */
function apiCall(origin: string, plan: BackfillPlan, ranges: readonly InstantRange[] | undefined): string {
  const body = { from: plan.from, to: plan.to, mode: plan.mode, force: plan.force, ranges, planToken: plan.planToken };
  return [
    `curl -X POST ${origin}/api/v1/jobs/${plan.jobId}/backfill`,
    `-H "Authorization: Bearer TOKEN"`,
    `-H "Content-Type: application/json"`,
    `-d '${JSON.stringify(body)}'`,
  ].join(" \\\n  ");
}
