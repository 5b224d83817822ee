import type { CSSProperties } from "react";
import { cx } from "./cx";

/** One grey piece in the shape of what comes. Sizes are CSS lengths. */
export function Skeleton(props: { width?: string; height?: string; round?: boolean; push?: boolean }) {
  const style: CSSProperties = { width: props.width, height: props.height };
  return <span className={cx("sk", props.round && "c", props.push && "push")} style={style} aria-hidden="true" />;
}

/** Rows of a list that is still being read: a mark, a word, a figure. */
export function SkeletonRows({ rows = 5 }: { rows?: number }) {
  return Array.from({ length: rows }, (_, index) => index).map((index) => (
    <span key={index} className="li" aria-hidden="true">
      <Skeleton width="12px" height="12px" round />
      <Skeleton width={`${44 + ((index * 7) % 20)}%`} />
      <Skeleton width="36px" push />
    </span>
  ));
}

/** Title, state line and, where the page has one, its action. */
export function SkeletonHead({ action }: { action?: boolean }) {
  return (
    <div className="phead" aria-busy="true">
      <div className="sk-head">
        <span className="sr" role="status">
          Reading…
        </span>
        <Skeleton width="160px" height="20px" />
        <Skeleton width="min(320px, 60vw)" />
      </div>
      {action && (
        <div className="acts">
          <Skeleton width="120px" height="32px" />
        </div>
      )}
    </div>
  );
}

/** Tabs or filters above a list: `widths` in pixels. */
export function SkeletonBar({ widths, height = 16 }: { widths: readonly number[]; height?: number }) {
  return (
    <div className="row sk-bar" aria-hidden="true">
      {widths.map((width) => (
        <Skeleton key={width} width={`${width}px`} height={`${height}px`} />
      ))}
    </div>
  );
}

/** Rows of a table in its card. */
export function SkeletonTable({ rows = 12, tall }: { rows?: number; tall?: boolean }) {
  return Array.from({ length: rows }, (_, index) => index).map((index) => (
    <span key={index} className={cx("li sk-row", tall && "tall")} aria-hidden="true">
      <Skeleton width={`${16 + ((index * 5) % 9)}%`} />
      <Skeleton width="10%" />
      <Skeleton width={`${18 + ((index * 7) % 14)}%`} />
      <Skeleton width="6%" push />
    </span>
  ));
}
