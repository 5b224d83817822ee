"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { cx } from "./cx";
import { Icon } from "./icon";
import { usePortalContainer } from "./portal";

export interface Option {
  value: string;
  label: string;
  /** Quiet words at the right. */
  note?: string;
  disabled?: boolean;
}

/** One of a known few. In a Field it takes the field's label; elsewhere, or beside another control there, give `label`. Sends `name` with the form. */
export function Select(props: {
  options: readonly Option[];
  name?: string;
  value?: string | null;
  defaultValue?: string | null;
  onChange?: (value: string) => void;
  placeholder?: string;
  label?: string;
  disabled?: boolean;
  required?: boolean;
  className?: string;
}) {
  const { options, onChange, placeholder = "Choose", label, className, ...rest } = props;
  return (
    <BaseSelect.Root {...rest} items={options} onValueChange={(value) => value !== null && onChange?.(value)}>
      {/* A field's label would win over an own one. */}
      <BaseSelect.Trigger
        className={cx("in sel", className)}
        {...(label !== undefined && { "aria-label": label, "aria-labelledby": undefined })}
      >
        <BaseSelect.Value placeholder={placeholder} />
        <BaseSelect.Icon className="ic-w">
          <Icon name="down" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal container={usePortalContainer()}>
        <BaseSelect.Positioner className="layer" sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className="popup">
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} disabled={option.disabled} className="mi">
                  <span className="tick">
                    <BaseSelect.ItemIndicator>
                      <Icon name="check" small />
                    </BaseSelect.ItemIndicator>
                  </span>
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  {option.note && <span className="end">{option.note}</span>}
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
