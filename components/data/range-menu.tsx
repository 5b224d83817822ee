"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { MenuChip } from "@/components/ui/chip";
import { Popover } from "@/components/ui/popover";
import type { ExplorePreset } from "@/lib/readings/explore-ranges";
import { civilDate } from "@/lib/time";
import { rangeWords } from "./range-words";

const presets: { value: ExplorePreset; label: string }[] = [
  { value: "P1D", label: "Today" },
  { value: "P7D", label: "7 days" },
  { value: "P30D", label: "30 days" },
  { value: "P90D", label: "90 days" },
  { value: "P365D", label: "12 months" },
];

export interface RangeChoice {
  range: ExplorePreset | null;
  from: string | null;
  to: string | null;
}

/** The range: so many days up to today, or from one day to another. */
export function RangeMenu(props: {
  from: Date;
  to: Date;
  zone: string;
  preset: ExplorePreset | null;
  now: Date;
  onChange: (choice: RangeChoice) => void;
}) {
  const { from, to, zone, preset, now, onChange } = props;
  return (
    <Popover label="Range" trigger={<MenuChip icon="calendar" value={rangeWords(from, to, zone)} />}>
      {(close) => (
        <RangeForm
          {...{ from, to, zone, preset, now }}
          onChange={(choice) => {
            onChange(choice);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function RangeForm(props: Parameters<typeof RangeMenu>[0]) {
  const { zone, preset, onChange } = props;
  const [first, setFirst] = useState(civilDate(props.from, zone));
  const [last, setLast] = useState(civilDate(new Date(props.to.getTime() - 1), zone));
  const id = useId();
  const isRange = first !== "" && last !== "" && first <= last;
  return (
    <form
      className="rangef"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange) onChange({ range: null, from: first, to: last });
      }}
    >
      <div className="presets">
        {presets.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className="mi"
            aria-pressed={value === preset}
            onClick={() => onChange({ range: value, from: null, to: null })}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="dates">
        <div className="field">
          <label htmlFor={`${id}from`}>First day</label>
          <input
            id={`${id}from`}
            className="in"
            type="date"
            value={first}
            max={civilDate(props.now, zone)}
            onChange={(event) => setFirst(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}to`}>Last day</label>
          <input
            id={`${id}to`}
            className="in"
            type="date"
            value={last}
            min={first}
            onChange={(event) => setLast(event.target.value)}
          />
          <span className="help">Days of {zone}, both included.</span>
          {!isRange && <span className="err">The last day is before the first.</span>}
        </div>
        <Button type="submit" small disabled={!isRange}>
          Show these days
        </Button>
      </div>
    </form>
  );
}
