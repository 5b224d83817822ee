"use client";

import { useState } from "react";
import { Checkbox, RadioGroup } from "@/components/ui/choices";
import { FieldGroup, Input } from "@/components/ui/field";

const SHOWN = 40;

/** All meters, or those that are checked. `chosen` null is all. */
export function MeterChoices(props: {
  meters: readonly { id: string; name: string }[];
  chosen: string[] | null;
  error: string | undefined;
  onChange: (meterIds: string[] | null) => void;
}) {
  const { meters, chosen, error, onChange } = props;
  const [search, setSearch] = useState("");
  const found = meters.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <FieldGroup legend="Meters" error={error}>
      <RadioGroup
        label="Meters"
        options={[
          { value: "all", label: "All meters" },
          { value: "some", label: chosen ? `Only some: ${chosen.length} chosen` : "Only some" },
        ]}
        value={chosen ? "some" : "all"}
        onChange={(value) => onChange(value === "all" ? null : [])}
      />
      {chosen && (
        <>
          {meters.length > 8 && (
            <Input
              icon="search"
              type="search"
              aria-label="Search meters"
              placeholder="Search meters"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          <div className="pick-list">
            {found.slice(0, SHOWN).map(({ id, name }) => (
              <Checkbox
                key={id}
                checked={chosen.includes(id)}
                onChange={(isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((other) => other !== id))}
              >
                {name}
              </Checkbox>
            ))}
            {found.length > SHOWN && <p className="qq">{found.length - SHOWN} more: search for them.</p>}
            {found.length === 0 && <p className="qq">No meter has that in its name.</p>}
          </div>
        </>
      )}
    </FieldGroup>
  );
}
