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

/**
 * Names of the series, and of the marks that occur: only list those. Stands at the right of a card's head. With `onToggle`
 * each series is a button that hides and shows it; `hidden` are the ids that are off.
 */
export function Legend(props: {
  series: readonly Pick<Series, "id" | "label" | "kind" | "color">[];
  hidden?: readonly string[];
  onToggle?: (id: string) => void;
  estimated?: boolean;
  gaps?: boolean;
  restated?: boolean;
  restatedUsed?: boolean;
}) {
  const { series, hidden = [], onToggle } = props;
  const isCrossed = series.some(({ kind, id }) => kind !== "bars" && !hidden.includes(id));
  return (
    <div className="legend">
      {series.map((each) => {
        const inside = (
          <>
            <Swatch series={each} soft={isCrossed} />
            {each.label}
          </>
        );
        if (!onToggle) return <span key={each.id}>{inside}</span>;
        return (
          <button
            key={each.id}
            type="button"
            className="lt"
            aria-pressed={!hidden.includes(each.id)}
            onClick={() => onToggle(each.id)}
          >
            {inside}
          </button>
        );
      })}
      {props.estimated && <Mark className="est">Estimated</Mark>}
      {props.gaps && <Mark className="gp">Gap</Mark>}
      {props.restated && <Mark className="rs">Restated</Mark>}
      {props.restatedUsed && <Mark className="rs person">Restated, used by MRV</Mark>}
    </div>
  );
}

function Mark({ className, children }: { className: string; children: string }) {
  return (
    <span>
      <i className={`sw ${className}`} />
      {children}
    </span>
  );
}
