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
