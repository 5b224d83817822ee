"use client";

import { Combobox as BaseCombobox } from "@base-ui/react/combobox";
import { useMemo } from "react";
import { Icon } from "./icon";
import { usePortalContainer } from "./portal";
import type { Option } from "./select";

/**
 * One of many, found by typing (time zones, meters). In a Field it takes the field's label; elsewhere give `label`.
 * Sends the chosen option's `value` as `name` with the form.
 */
export function Combobox(props: {
  options: readonly Option[];
  name?: string;
  value?: string | null;
  defaultValue?: string | null;
  onChange?: (value: string | null) => void;
  placeholder?: string;
  label?: string;
  disabled?: boolean;
  required?: boolean;
  /** Said when nothing fits what was typed. */
  none?: string;
}) {
  const { options, value, defaultValue, onChange, placeholder, label, none = "Nothing fits", ...rest } = props;
  const byValue = useMemo(() => new Map(options.map((option) => [option.value, option])), [options]);
  const chosen = (asked: string | null | undefined) => (asked == null ? null : (byValue.get(asked) ?? null));
  const control = value === undefined ? { defaultValue: chosen(defaultValue) } : { value: chosen(value) };
  return (
    <BaseCombobox.Root
      {...rest}
      {...control}
      items={options}
      itemToStringLabel={(option: Option) => option.label}
      itemToStringValue={(option: Option) => option.value}
      isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
      onValueChange={(option: Option | null) => onChange?.(option?.value ?? null)}
      autoHighlight
      limit={200}
    >
      <span className="combo">
        <BaseCombobox.Input className="in" placeholder={placeholder} aria-label={label} />
        <BaseCombobox.Trigger className="end" aria-label="Show choices">
          <Icon name="down" />
        </BaseCombobox.Trigger>
      </span>
      <BaseCombobox.Portal container={usePortalContainer()}>
        <BaseCombobox.Positioner className="layer" sideOffset={4}>
          <BaseCombobox.Popup className="popup">
            <BaseCombobox.Empty>
              <p className="none">{none}</p>
            </BaseCombobox.Empty>
            <BaseCombobox.List>
              {(option: Option) => (
                <BaseCombobox.Item key={option.value} value={option} disabled={option.disabled} className="mi">
                  <span className="tick">
                    <BaseCombobox.ItemIndicator>
                      <Icon name="check" small />
                    </BaseCombobox.ItemIndicator>
                  </span>
                  {option.label}
                  {option.note && <span className="end">{option.note}</span>}
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}
