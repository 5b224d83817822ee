import { formatNumber } from "./format";

/** Tabular figures, thousands grouped, a real minus. Null is an en dash, read aloud as "no value". */
export function Num(props: { value: number | string | null | undefined; decimals?: number; unit?: string }) {
  if (props.value === null || props.value === undefined) {
    return (
      <span className="qq">
        <span aria-hidden="true">–</span>
        <span className="sr">no value</span>
      </span>
    );
  }
  return (
    <>
      {formatNumber(props.value, props.decimals)}
      {props.unit && <span className="unit"> {props.unit}</span>}
    </>
  );
}
