import type { ReactNode } from "react";
import { cx } from "./cx";

/** A label, a big figure with its unit beside it, a line below that says what it is measured against. */
export function KeyFigure(props: {
  label: ReactNode;
  value: ReactNode;
  unit?: ReactNode;
  note?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx(props.className)}>
      <p className="figl">{props.label}</p>
      <p className="fig">
        {props.value}
        {props.unit !== undefined && <span className="unit">{props.unit}</span>}
      </p>
      {props.note !== undefined && <p className="figs">{props.note}</p>}
    </div>
  );
}
