"use client";

import { Combobox as BaseCombobox } from "@base-ui/react/combobox";
import type { Option } from "./select";

/** One of many, found by typing, inside a Popover: the list is always open under its field. */
export function SearchList(props: {
  label: string;
  options: readonly Option[];
  onChoose: (value: string) => void;
  placeholder?: string;
  none?: string;
}) {
  const { label, options, onChoose, placeholder, none = "Nothing fits" } = props;
  return (
    <BaseCombobox.Root
      inline
      open
      items={options}
      value={null}
      itemToStringLabel={(option: Option) => option.label}
      onValueChange={(option: Option | null) => option && onChoose(option.value)}
      autoHighlight
      limit={50}
    >
      <BaseCombobox.Input className="in" placeholder={placeholder} aria-label={label} />
      <BaseCombobox.Empty>
        <p className="none">{none}</p>
      </BaseCombobox.Empty>
      <BaseCombobox.List className="slist">
        {(option: Option) => (
          <BaseCombobox.Item key={option.value} value={option} disabled={option.disabled} className="mi">
            {option.label}
            {option.note && <span className="end">{option.note}</span>}
          </BaseCombobox.Item>
        )}
      </BaseCombobox.List>
    </BaseCombobox.Root>
  );
}
