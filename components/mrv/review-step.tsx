import { Button, LinkButton } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";

/** `1 of 6`, and to its neighbours. */
export function ReviewStep(props: { place: number; total: number; previous: string | null; next: string | null }) {
  const { place, total, previous, next } = props;
  return (
    <div className="row push">
      <span className="qq nw">
        {formatNumber(place)} of {formatNumber(total)}
      </span>
      {previous ? (
        <LinkButton small icon="up" href={previous} aria-label="Previous, k" />
      ) : (
        <Button small icon="up" disabled aria-label="Previous, k" />
      )}
      {next ? (
        <LinkButton small icon="down" href={next} aria-label="Next, j" />
      ) : (
        <Button small icon="down" disabled aria-label="Next, j" />
      )}
    </div>
  );
}
