import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./icon";
import { Kbd } from "./kbd";
import { StateMark } from "./state";

interface Look {
  /** One primary button a page. `danger-solid` only as the last step of a dialog that names what is destroyed. */
  variant?: "primary" | "default" | "quiet" | "danger" | "danger-solid";
  small?: boolean;
  icon?: IconName;
  /** The key that does the same; shown, not bound. */
  keyHint?: string;
  /** Pressed look of a button that stays on. */
  on?: boolean;
}

type ButtonProps = Omit<ComponentProps<"button">, "type"> &
  Look & { type?: "button" | "submit" | "reset" /** Works: shows a turning arc, takes no press. */; busy?: boolean };

export function Button({ variant, small, icon, keyHint, on, busy, className, children, type, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? "button"}
      className={cx(look({ variant, small, on }), !children && "icon", className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"]}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      <Inside icon={icon} keyHint={keyHint} busy={busy}>
        {children}
      </Inside>
    </button>
  );
}

export function LinkButton(props: ComponentProps<typeof Link> & Look) {
  const { variant, small, icon, keyHint, on, className, children, ...rest } = props;
  return (
    <Link {...rest} className={cx(look({ variant, small, on }), !children && "icon", className)}>
      <Inside icon={icon} keyHint={keyHint}>
        {children}
      </Inside>
    </Link>
  );
}

/** A bare icon that everybody knows; `label` is its name for those who cannot see it. */
export function IconButton({
  icon,
  label,
  className,
  ...rest
}: ComponentProps<"button"> & { icon: IconName; label: string }) {
  return (
    <button {...rest} type="button" aria-label={label} className={cx("ib", className)}>
      <Icon name={icon} />
    </button>
  );
}

function look({ variant, small, on }: Look): string {
  const variants = { primary: "p", default: null, quiet: "quiet", danger: "danger", "danger-solid": "danger solid" };
  return cx("btn", variants[variant ?? "default"], small && "sm", on && "on");
}

function Inside(props: { icon?: IconName; keyHint?: string; busy?: boolean; children?: ReactNode }) {
  return (
    <>
      {props.busy ? <StateMark state="running" /> : props.icon && <Icon name={props.icon} />}
      {props.children}
      {props.keyHint && <Kbd>{props.keyHint}</Kbd>}
    </>
  );
}
