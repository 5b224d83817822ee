"use client";

import { useEffect, useEffectEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/choices";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { states as stateLooks } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { ActionState } from "@/lib/action";
import { etlStages, type Stage, taskStates } from "@/lib/db/schema/tasks";
import type { BulkResult } from "@/lib/tasks/schemas";
import { callsNote, type Kinds, kindsOf, leftAloneWords, recordsBeginWords } from "./bulk-words";
import { stageWord } from "./stage-word";
import { startWords } from "./start-words";
import type { TaskVerbs } from "./task-actions";

/** Tasks by id, or all that a filter names; the same object as long as it means the same. */
export type Selection = { taskIds: string[] } | { filter: Record<string, unknown> };

type Counted = { plan: BulkResult; at: Date } | { problem: string };

/**
 * Before many tasks are retried or cancelled: what exactly will happen, counted now. What changed since is refused by the
 * server, said here, and counted again.
 */
export function BulkDialog(
  props: TaskVerbs & {
    verb: "retry" | "cancel";
    selection: Selection;
    /** Whether a retry asks the source again, until the person says otherwise. */
    forces?: boolean;
    onClose: () => void;
    onDone: () => void;
  },
) {
  const { verb, selection, forces = false, onClose, onDone, retry, cancel } = props;
  const toast = useToast();
  const [fromStage, setFromStage] = useState<Stage | "stands">("stands");
  const [force, setForce] = useState(forces);
  const [counted, setCounted] = useState<Counted | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const [isRunning, startTransition] = useTransition();
  const order = JSON.stringify({
    ...selection,
    ...(verb === "retry" && { force, ...(fromStage !== "stands" && !force && { fromStage }) }),
  });

  const act = verb === "retry" ? retry : cancel;
  // The verbs come anew with every answer of the server: counting whenever they do would never end.
  const count = useEffectEvent(
    (): Promise<ActionState<BulkResult>> => act(null, { ...JSON.parse(order), dryRun: true }),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is ordered is counted, and counted again after a refusal.
  useEffect(() => {
    let isStale = false;
    setCounted(null);
    void count().then((answer) => {
      if (!isStale) setCounted(answer.ok ? { plan: answer.data, at: new Date() } : { problem: answer.message });
    });
    return () => {
      isStale = true;
    };
  }, [verb, order, turn]);

  const plan = counted && "plan" in counted ? counted.plan : null;
  // What is counted again with another stage holds the same tasks: what can be chosen stays where it is.
  const [kinds, setKinds] = useState<Kinds | null>(null);
  if (plan && kinds === null) setKinds(kindsOf(plan));
  const begin = kinds && recordsBeginWords(kinds);
  const run = () =>
    startTransition(async () => {
      if (!plan) return;
      const answer = await act(null, { ...JSON.parse(order), planToken: plan.planToken });
      if (!answer.ok) {
        setRefusal(answer.message);
        setTurn(turn + 1);
        return;
      }
      const done = tasks(answer.data.affected);
      if (verb === "retry") toast({ title: `${done} queued`, detail: startWords(answer) });
      else toast({ title: `${done} cancelled` });
      onDone();
    });
  const affected = plan?.affected ?? 0;
  const word = verb === "retry" ? "Retry" : "Cancel";

  return (
    <Dialog
      title={verb === "retry" ? "Retry tasks" : "Cancel tasks"}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <DialogClose>
            <Button>{verb === "cancel" ? "Keep them" : "Close"}</Button>
          </DialogClose>
          <Button
            variant={verb === "cancel" ? "danger-solid" : "primary"}
            busy={isRunning}
            disabled={!plan || affected === 0}
            onClick={run}
          >
            {plan && affected === 0 ? `Nothing to ${verb}` : `${word} ${plan ? tasks(affected) : "…"}`}
          </Button>
        </>
      }
    >
      <div className="stack">
        {refusal && (
          <Note state="failed" role="alert" title="Refused, and counted again">
            {refusal}
          </Note>
        )}
        {verb === "retry" && kinds?.etl && (
          <>
            <Segmented<Stage | "stands">
              label="From which stage"
              value={force ? "collection" : fromStage}
              options={[
                { value: "stands", label: "Where each stands", disabled: force },
                ...etlStages.map((stage) => ({ value: stage, label: stageWord(stage), disabled: force })),
              ]}
              onChange={setFromStage}
            />
            <Switch checked={force} onChange={setForce}>
              Fetch again from the source, ignoring archived bytes
            </Switch>
          </>
        )}
        {verb === "retry" && begin && <p className="q">{begin}</p>}
        {counted === null && <Skeleton height={kinds || verb === "cancel" ? "180px" : "268px"} width="100%" />}
        {counted && "problem" in counted && (
          <Note state="failed" title="It cannot be planned">
            {counted.problem}
          </Note>
        )}
        {counted && "plan" in counted && kinds && (
          <BulkEffect verb={verb} plan={counted.plan} at={counted.at} kinds={kinds} />
        )}
      </div>
    </Dialog>
  );
}

function BulkEffect(props: { verb: "retry" | "cancel"; plan: BulkResult; at: Date; kinds: Kinds }) {
  const { verb, plan, at, kinds } = props;
  const { effect, tasksByState, matching, affected } = plan;
  const left = matching - affected;
  const states = taskStates
    .filter((state) => tasksByState[state])
    .map((state) => `${formatNumber(tasksByState[state] ?? 0)} ${stateLooks[state].word.toLowerCase()}`);
  return (
    <>
      <Effect>
        <EffectLine
          name={verb === "retry" ? "Tasks that run again" : "Tasks that stop"}
          value={formatNumber(affected)}
          note={left === 0 ? states.join(", ") : undefined}
        />
        {left > 0 && <EffectLine name="Left alone" value={formatNumber(left)} note={leftAloneWords(verb, kinds)} />}
        {effect && <RetryCost effect={effect} kinds={kinds} />}
      </Effect>
      <Note icon="lock">
        <p>
          Counted at <Time at={at} style="seconds" named />. If any of this changed when you run it, it is refused and
          counted again.
        </p>
      </Note>
    </>
  );
}

function RetryCost({ effect, kinds }: { effect: NonNullable<BulkResult["effect"]>; kinds: Kinds }) {
  const { vendorCalls, quotas, readingsOverwritten } = effect;
  return (
    <>
      <EffectLine
        name={kinds.etl ? "Vendor calls, about" : "Vendor calls"}
        value={formatNumber(vendorCalls)}
        note={callsNote(vendorCalls, kinds)}
      />
      {vendorCalls > 0 &&
        quotas
          .slice(0, 3)
          .map(({ account, left, limit }) => (
            <EffectLine
              key={account}
              name={`Quota left, ${account}`}
              value={`${formatNumber(left)} of ${formatNumber(limit)}`}
              note={left < vendorCalls ? "What does not fit waits for the reset" : undefined}
            />
          ))}
      {kinds.etl && (
        <EffectLine
          name="Stored readings that may change"
          value={formatNumber(readingsOverwritten)}
          note="A changed value keeps the old one as a revision"
        />
      )}
    </>
  );
}

function tasks(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? "task" : "tasks"}`;
}
