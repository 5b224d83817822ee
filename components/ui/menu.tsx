"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./icon";
import { Kbd } from "./kbd";
import { usePortalContainer } from "./portal";

/** Actions behind one button. `trigger` is a Button or IconButton; children are MenuItem, MenuLink, MenuCheck, MenuRule. */
export function Menu(props: {
  trigger: ReactElement;
  align?: "start" | "end";
  side?: "bottom" | "top";
  children: ReactNode;
}) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={props.trigger} />
      <BaseMenu.Portal container={usePortalContainer()}>
        <BaseMenu.Positioner
          className="layer"
          sideOffset={4}
          align={props.align ?? "start"}
          side={props.side ?? "bottom"}
        >
          <BaseMenu.Popup className="menu" data-holds-refresh="">
            {props.children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

interface ItemProps {
  icon?: IconName;
  keyHint?: string;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({
  icon,
  keyHint,
  danger,
  disabled,
  onSelect,
  children,
}: ItemProps & { onSelect: () => void }) {
  return (
    <BaseMenu.Item className={cx("mi", danger && "danger")} disabled={disabled} onClick={onSelect}>
      {icon && <Icon name={icon} />}
      {children}
      {keyHint && <Kbd>{keyHint}</Kbd>}
    </BaseMenu.Item>
  );
}

export function MenuLink({ icon, href, children }: { icon?: IconName; href: string; children: ReactNode }) {
  return (
    <BaseMenu.LinkItem className="mi" render={<Link href={href} />} closeOnClick>
      {icon && <Icon name={icon} />}
      {children}
    </BaseMenu.LinkItem>
  );
}

/** Stays open: for choosing several. */
export function MenuCheck(props: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <BaseMenu.CheckboxItem className="mi" checked={props.checked} onCheckedChange={props.onChange} closeOnClick={false}>
      <span className="tick">
        <BaseMenu.CheckboxItemIndicator>
          <Icon name="check" small />
        </BaseMenu.CheckboxItemIndicator>
      </span>
      {props.children}
    </BaseMenu.CheckboxItem>
  );
}

/** One of several, with a heading read to screen readers. */
export function MenuChoice<Value extends string>(props: {
  label: string;
  value: Value | null;
  options: readonly { value: Value; label: ReactNode; note?: ReactNode }[];
  onChange: (value: Value) => void;
}) {
  return (
    <BaseMenu.RadioGroup value={props.value} onValueChange={props.onChange} aria-label={props.label}>
      {props.options.map((option) => (
        <BaseMenu.RadioItem key={option.value} value={option.value} className="mi" closeOnClick>
          <span className="tick">
            <BaseMenu.RadioItemIndicator>
              <Icon name="check" small />
            </BaseMenu.RadioItemIndicator>
          </span>
          {option.label}
          {option.note !== undefined && <span className="end">{option.note}</span>}
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

export function MenuRule() {
  return <BaseMenu.Separator />;
}
