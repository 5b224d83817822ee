"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Radio as BaseRadio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import type { MouseEvent, ReactNode } from "react";
import { Icon } from "./icon";

interface Choice {
  /** Words beside it. Without them give `label`. */
  children?: ReactNode;
  label?: string;
  name?: string;
  value?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  disabled?: boolean;
  onChange?: (checked: boolean) => void;
}

/** `mixed`: some of what it stands for are on. `onPress` gets the click itself, for ranges with shift. */
export function Checkbox(props: Choice & { mixed?: boolean; onPress?: (event: MouseEvent) => void }) {
  const { children, label, mixed, onChange, onPress, ...rest } = props;
  const box = (
    <BaseCheckbox.Root
      {...rest}
      className="check"
      indeterminate={mixed}
      aria-label={label}
      onClick={onPress}
      onCheckedChange={(checked) => onChange?.(checked)}
    >
      <BaseCheckbox.Indicator>
        <Icon name={mixed ? "minus" : "check"} />
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
  return children === undefined ? box : <Labelled control={box}>{children}</Labelled>;
}

/** On or off, at once. */
export function Switch({ children, label, onChange, ...rest }: Choice) {
  const control = (
    <BaseSwitch.Root {...rest} className="switch" aria-label={label} onCheckedChange={(checked) => onChange?.(checked)}>
      <BaseSwitch.Thumb className="thumb" />
    </BaseSwitch.Root>
  );
  return children === undefined ? control : <Labelled control={control}>{children}</Labelled>;
}

/** One of two to five that are all in view. Put it in a FieldGroup, or give `label`. */
export function RadioGroup<Value extends string>(props: {
  options: readonly { value: Value; label: ReactNode; disabled?: boolean }[];
  name?: string;
  value?: Value;
  defaultValue?: Value;
  label?: string;
  onChange?: (value: Value) => void;
}) {
  const { options, label, onChange, ...rest } = props;
  return (
    <BaseRadioGroup<Value>
      {...rest}
      className="choices"
      aria-label={label}
      onValueChange={(value) => onChange?.(value)}
    >
      {options.map((option) => (
        <Labelled
          key={option.value}
          control={<BaseRadio.Root value={option.value} disabled={option.disabled} className="radio" />}
        >
          {option.label}
        </Labelled>
      ))}
    </BaseRadioGroup>
  );
}

function Labelled({ control, children }: { control: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside, as a component the rule cannot see into.
    <label className="choice">
      {control}
      <span>{children}</span>
    </label>
  );
}
