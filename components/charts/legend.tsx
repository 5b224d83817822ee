import type { CSSProperties } from "react";
import type { Series } from "./series";

/** What stands for a series: a box for bars, a stroke for lines, dashes for an earlier range. */
export function Swatch({
  series,
  estimated,
  soft,
}: {
  series: Pick<Series, "kind" | "color">;
  estimated?: boolean;
  soft?: boolean;
}) {
  const { kind, color = 1 } = series;
  if (kind === "compare") return <i className="sw dash" />;
  const style = { "--sc": soft && color === 1 ? "var(--series-1-soft)" : `var(--series-${color})` } as CSSProperties;
  const shape = kind === "line" ? "sw line" : estimated ? "sw est" : "sw";
  return <i className={shape} style={style} />;
}

/** Names of the series, and of the marks that occur: only list those. Stands at the right of a card's head. */
export function Legend(props: {
  series: readonly Pick<Series, "id" | "label" | "kind" | "color">[];
  estimated?: boolean;
  gaps?: boolean;
  restated?: boolean;
  restatedUsed?: boolean;
}) {
  const isCrossed = props.series.some(({ kind }) => kind !== "bars");
  return (
    <div className="legend">
      {props.series.map((series) => (
        <span key={series.id}>
          <Swatch series={series} soft={isCrossed} />
          {series.label}
        </span>
      ))}
      {props.estimated && (
        <span>
          <i className="sw est" />
          Estimated
        </span>
      )}
      {props.gaps && (
        <span>
          <i className="sw gp" />
          Gap
        </span>
      )}
      {props.restated && (
        <span>
          <i className="sw rs" />
          Restated
        </span>
      )}
      {props.restatedUsed && (
        <span>
          <i className="sw rs person" />
          Restated, used by MRV
        </span>
      )}
    </div>
  );
}
