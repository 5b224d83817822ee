"use client";

import { AddChip, MenuChip } from "@/components/ui/chip";
import { Menu, MenuCheck, MenuChoice } from "@/components/ui/menu";
import { Popover } from "@/components/ui/popover";
import { SearchList } from "@/components/ui/search-list";
import { type Metric, type MetricName, metrics } from "@/lib/metrics/registry";
import { type Comparison, comparedRange, comparisons, type InstantRange } from "@/lib/readings/explore-ranges";
import { rangeWords } from "./range-words";

export function MeterPicker(props: { meters: readonly { id: string; name: string }[]; onAdd: (id: string) => void }) {
  return (
    <Popover label="Add a meter" trigger={<AddChip>Meter</AddChip>}>
      {(close) => (
        <SearchList
          label="Find a meter"
          placeholder="Find a meter"
          options={props.meters.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(id) => {
            props.onAdd(id);
            close();
          }}
        />
      )}
    </Popover>
  );
}

/** Several metrics at once; each unit gets a chart of its own. `known`: what the chosen meters can have. */
export function MetricMenu(props: {
  chosen: readonly (Metric & { name: MetricName })[];
  known: readonly MetricName[];
  onChange: (names: MetricName[]) => void;
}) {
  const { chosen, known, onChange } = props;
  const names = chosen.map(({ name }) => name);
  const [first] = chosen;
  const value = chosen.length === 1 && first ? `${first.label}, ${first.unit}` : `${chosen.length} metrics`;
  return (
    <Menu trigger={<MenuChip name="Metric" value={value} />}>
      {metrics
        .filter(({ name }) => known.includes(name) || names.includes(name))
        .map(({ name, label, unit }) => (
          <MenuCheck
            key={name}
            checked={names.includes(name)}
            onChange={(on) => {
              const next = on ? [...names, name] : names.filter((each) => each !== name);
              // The last one stays: a chart of nothing says nothing.
              if (next.length > 0) onChange(next);
            }}
          >
            {label}
            <span className="end">{unit}</span>
          </MenuCheck>
        ))}
    </Menu>
  );
}

const words: Record<Comparison, string> = {
  before: "The days before",
  week: "Same days a week earlier",
  year: "Same dates a year earlier",
};

export function CompareMenu(props: {
  value: Comparison | null;
  range: InstantRange;
  zone: string;
  onChange: (value: Comparison | null) => void;
}) {
  const { value, range, zone, onChange } = props;
  const rangeOf = (comparison: Comparison) => {
    const { from, to } = comparedRange(range, comparison, zone);
    return rangeWords(from, to, zone);
  };
  return (
    <Menu trigger={<MenuChip icon="compare" name="Compare" value={value ? rangeOf(value) : "with nothing"} />}>
      <MenuChoice<Comparison | "none">
        label="Compare with"
        value={value ?? "none"}
        options={[
          { value: "none", label: "With nothing" },
          ...comparisons.map((each) => ({ value: each, label: words[each], note: rangeOf(each) })),
        ]}
        onChange={(next) => onChange(next === "none" ? null : next)}
      />
    </Menu>
  );
}
