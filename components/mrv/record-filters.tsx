"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { Input } from "@/components/ui/field";
import { recordFilterKeys, recordsQuery } from "./records-query";

/** Filters of the records page. One that is on is a chip that can be taken off; all are in the address. */
export function RecordFilters(props: { meterName: string | null; deviceName: string | null; jobName: string | null }) {
  const { meterName, deviceName, jobName } = props;
  const [, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(recordsQuery, { shallow: false, startTransition, history: "replace" });
  const off = (name: string, value: string, key: (typeof recordFilterKeys)[number]) => (
    <Chip
      name={name}
      value={value}
      removeLabel={`Take the filter off: ${name} ${value}`}
      onRemove={() => void setQuery({ [key]: null, cursor: null })}
    />
  );
  const isFiltered = recordFilterKeys.some((key) => query[key] !== null && query[key] !== "");
  return (
    <div className="filters">
      <Input
        icon="search"
        type="search"
        placeholder="Meter, device, DID or id"
        aria-label="Search records"
        defaultValue={query.q}
        onChange={(event) => void setQuery({ q: event.target.value || null, cursor: null }, { throttleMs: 250 })}
      />
      <span className="row nw q">
        From
        <Input
          type="date"
          aria-label="Periods from"
          value={query.from ?? ""}
          onChange={(event) => void setQuery({ from: event.target.value || null, cursor: null })}
        />
      </span>
      <span className="row nw q">
        to
        <Input
          type="date"
          aria-label="Periods to"
          value={query.to ?? ""}
          onChange={(event) => void setQuery({ to: event.target.value || null, cursor: null })}
        />
      </span>
      {query.meter && off("Meter", meterName ?? "unknown", "meter")}
      {query.device && off("Device", deviceName ?? "unknown", "device")}
      {query.job && off("Job", jobName ?? "unknown", "job")}
      {query.restated === null ? (
        <Button variant="quiet" small onClick={() => void setQuery({ restated: true, cursor: null })}>
          Only restated
        </Button>
      ) : (
        off("Restated", query.restated ? "yes" : "no", "restated")
      )}
      {query.acknowledged !== null && off("Acknowledged", query.acknowledged ? "yes" : "no", "acknowledged")}
      {query.replaced !== null && off("Replaced", query.replaced ? "yes" : "no", "replaced")}
      {isFiltered && (
        <Button
          variant="quiet"
          small
          onClick={() =>
            void setQuery({ ...Object.fromEntries(recordFilterKeys.map((key) => [key, null])), cursor: null })
          }
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
