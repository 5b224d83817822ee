import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

/** One hairline, 8 px corners. No card inside a card. `span`: columns of the twelve of a parent `.cols`. */
export function Card({
  span,
  className,
  ...rest
}: ComponentProps<"section"> & { span?: 3 | 4 | 5 | 6 | 7 | 8 | 9 | 12 }) {
  return <section {...rest} className={cx("card", span && `c${span}`, className)} />;
}

/** `title`, a `badge` or a quiet `note` beside it, `end` at the right. `rule` draws the line under it. `wrap`: end goes below on phones. */
export function CardHead(props: {
  title: ReactNode;
  badge?: ReactNode;
  note?: ReactNode;
  end?: ReactNode;
  rule?: boolean;
  wrap?: boolean;
}) {
  return (
    <div className={cx("chead", props.rule && "rule", props.wrap && "wrapm")}>
      <h2>{props.title}</h2>
      {props.badge}
      {props.note !== undefined && <span className="qq">{props.note}</span>}
      {props.end !== undefined && <div className="end">{props.end}</div>}
    </div>
  );
}

/** `flush`: no padding, for lists and tables. */
export function CardBody({ flush, className, ...rest }: ComponentProps<"div"> & { flush?: boolean }) {
  return <div {...rest} className={cx("cbody", flush && "flush", className)} />;
}

export function CardFoot({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={cx("cfoot", className)} />;
}
