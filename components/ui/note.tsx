import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./icon";
import { StateMark, type StateName, states } from "./state";

/** Explains a state where it happens, with what to do next. Without a state it is plain, with an icon. */
export function Note(props: {
  state?: StateName;
  icon?: IconName;
  title?: ReactNode;
  children?: ReactNode;
  role?: "alert" | "status";
}) {
  const { state, icon = "help", title, children, role } = props;
  return (
    <div className={cx("note", state ? states[state].tone : "plain")} role={role}>
      {state ? <StateMark state={state} /> : <Icon name={icon} />}
      <div>
        {title !== undefined && (
          <p>
            <b>{title}</b>
          </p>
        )}
        {typeof children === "string" ? <p>{children}</p> : children}
      </div>
    </div>
  );
}
