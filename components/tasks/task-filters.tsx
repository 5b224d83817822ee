"use client";

import { useQueryStates } from "nuqs";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Chip, FilterMenu } from "@/components/ui/chip";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { states } from "@/components/ui/state";
import { etlStages, mrvStages } from "@/lib/db/schema/tasks";
import { FindFilter } from "./find-filter";
import { stageWord } from "./stage-word";
import { taskFilterKeys, taskQuery } from "./task-query";

const recentWords = { "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days" } as const;

/** Filters of the tasks page. One that is on is a chip that can be taken off; all are in the address. */
export function TaskFilters(props: {
  meterName: string | null;
  jobName: string | null;
  /** Errors of the tasks shown, with how many have each. */
  codes: readonly { code: string; tasks: number }[];
}) {
  const { meterName, jobName, codes } = props;
  const [, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(taskQuery, { shallow: false, startTransition, history: "push" });
  const [isChoosingDays, setChoosingDays] = useState(false);
  const set = (changes: Partial<{ [Key in keyof typeof query]: (typeof query)[Key] | null }>) =>
    void setQuery({ ...changes, cursor: null });
  const off = (name: string, value: string, changes: Parameters<typeof set>[0]) => (
    <Chip
      name={name}
      value={value}
      removeLabel={`Take the filter off: ${name} ${value}`}
      onRemove={() => set(changes)}
    />
  );
  const range = rangeWords(query);
  const isFiltered = taskFilterKeys.some((key) => query[key] !== null);

  return (
    <div className="filters">
      {!query.meter && !query.job && <FindFilter onMeter={(meter) => set({ meter })} onJob={(job) => set({ job })} />}
      {query.state.length > 1 &&
        off("State", query.state.map((state) => states[state].word.toLowerCase()).join(", "), { state: null })}
      {query.meter && off("Meter", meterName ?? "unknown", { meter: null, day: null })}
      {query.job && off("Job", jobName ?? "unknown", { job: null })}
      {range ? (
        off("Interval", range, { recent: null, day: null, from: null, to: null })
      ) : (
        <FilterMenu
          name="Interval"
          value={null}
          options={[
            ...Object.entries(recentWords).map(([value, label]) => ({ value, label })),
            { value: "days", label: "Days…" },
          ]}
          onChange={(value) => {
            if (value === "days") setChoosingDays(true);
            else set({ recent: value as keyof typeof recentWords | null });
          }}
        />
      )}
      {query.type ? (
        off("Type", query.type.toUpperCase(), { type: null })
      ) : (
        <FilterMenu
          name="Type"
          value={null}
          options={[
            { value: "etl", label: "Collects readings", note: "ETL" },
            { value: "mrv", label: "Makes records", note: "MRV" },
          ]}
          onChange={(type) => set({ type, stage: null })}
        />
      )}
      {query.stage ? (
        off("Stage", stageWord(query.stage), { stage: null })
      ) : (
        <FilterMenu
          name="Stage"
          value={null}
          options={stagesOf(query.type).map((stage) => ({ value: stage, label: stageWord(stage) }))}
          onChange={(stage) => set({ stage })}
        />
      )}
      {query.wait && off("Waits for", query.wait, { wait: null })}
      {query.account && off("Account", query.account.slice(0, 24), { account: null })}
      {query.error
        ? off("Error", query.error, { error: null })
        : codes.length > 0 && (
            <FilterMenu
              name="Error"
              value={null}
              options={codes.map(({ code, tasks }) => ({ value: code, label: code, note: formatNumber(tasks) }))}
              onChange={(error) => set({ error })}
            />
          )}
      {query.retries ? (
        off("Retries", retryWords(query.retries), { retries: null })
      ) : (
        <FilterMenu
          name="Retries"
          value={null}
          options={[1, 3, 5].map((least) => ({ value: String(least), label: retryWords(least) }))}
          onChange={(least) => set({ retries: least === null ? null : Number(least) })}
        />
      )}
      {isFiltered && (
        <Button variant="quiet" onClick={() => set(Object.fromEntries(taskFilterKeys.map((key) => [key, null])))}>
          Clear filters
        </Button>
      )}
      <DaysDialog
        open={isChoosingDays}
        onOpenChange={setChoosingDays}
        onChoose={(from, to) => set({ from: from || null, to: to || null })}
      />
    </div>
  );
}

function DaysDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (from: string, to: string) => void;
}) {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const error = from && to && to < from ? "The last day is before the first." : undefined;
  return (
    <Dialog
      title="Intervals of these days"
      open={props.open}
      onOpenChange={props.onOpenChange}
      footer={
        <>
          <DialogClose>
            <Button>Keep all</Button>
          </DialogClose>
          <Button
            variant="primary"
            disabled={Boolean(error) || (!from && !to)}
            onClick={() => {
              props.onChoose(from, to);
              props.onOpenChange(false);
            }}
          >
            Show
          </Button>
        </>
      }
    >
      <div className="form-pair">
        <Field label="First day" optional>
          <Input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="Last day" optional error={error}>
          <Input type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

function stagesOf(type: "etl" | "mrv" | null) {
  if (type === "mrv") return mrvStages;
  return type === "etl" ? etlStages : [...etlStages, ...mrvStages];
}

function retryWords(least: number): string {
  return `${least} or more`;
}

function rangeWords(query: {
  recent: keyof typeof recentWords | null;
  day: string | null;
  from: string | null;
  to: string | null;
}): string | null {
  if (query.recent) return recentWords[query.recent];
  if (query.day) return query.day;
  if (!query.from && !query.to) return null;
  const words = (text: string) => text.replace("T", " ").replace(/:00(\.000)?Z$/, " UTC");
  if (!query.to) return `from ${words(query.from ?? "")}`;
  return query.from ? `${words(query.from)} to ${words(query.to)}` : `until ${words(query.to)}`;
}
