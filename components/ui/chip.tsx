"use client";

import type { ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import { Menu, MenuChoice } from "./menu";

/** A filter that is on; `onRemove` takes it off. `mark` stands first, such as a series' colour. */
export function Chip(props: {
  name?: ReactNode;
  value: ReactNode;
  mark?: ReactNode;
  onRemove: () => void;
  removeLabel: string;
}) {
  return (
    <span className="chip">
      {props.mark}
      {props.name}
      <b>{props.value}</b>
      <button type="button" className="x" aria-label={props.removeLabel} onClick={props.onRemove}>
        <Icon name="close" small />
      </button>
    </span>
  );
}

/** Adds something: dashed, with a plus. Use as a Menu's `trigger`. */
export function AddChip({ children, ...rest }: { children: ReactNode; onClick?: () => void }) {
  return (
    <button {...rest} type="button" className="chip dash">
      <Icon name="plus" small />
      {children}
    </button>
  );
}

/** A chip that opens something. Use as a Menu's `trigger`. */
export function MenuChip({ name, value, icon, ...rest }: { name?: ReactNode; value: ReactNode; icon?: IconName }) {
  return (
    <button {...rest} type="button" className="chip">
      {icon && <Icon name={icon} small />}
      {name}
      <b>{value}</b>
      <Icon name="down" small />
    </button>
  );
}

/** `Type Any ⌄`: one value of a few, or any (null). */
export function FilterMenu<Value extends string>(props: {
  name: string;
  value: Value | null;
  options: readonly { value: Value; label: string; note?: ReactNode }[];
  onChange: (value: Value | null) => void;
  any?: string;
}): ReactElement {
  const { name, value, options, onChange, any = "Any" } = props;
  const shown = options.find((option) => option.value === value)?.label ?? any;
  return (
    <Menu trigger={<MenuChip name={name} value={shown} />}>
      <MenuChoice
        label={name}
        value={value ?? ""}
        options={[{ value: "", label: any }, ...options]}
        onChange={(next) => onChange(next === "" ? null : next)}
      />
    </Menu>
  );
}
