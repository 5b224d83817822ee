import { formatNumber } from "@/components/ui/format";

const SHOWN = 20;

/** Rows that are no readings, each with where it is and why. `all`: how many there are, which can be more than are given. */
export function RejectList({ rejects, all }: { rejects: readonly { row: string; reason: string }[]; all: number }) {
  if (rejects.length === 0) return null;
  const rows = rejects.slice(0, SHOWN);
  return (
    <section className="part">
      <h3>Refused rows</h3>
      <ul className="rejects">
        {rows.map(({ row, reason }) => (
          <li key={`${row} ${reason}`}>
            <code>{row}</code> {reason}
          </li>
        ))}
      </ul>
      {all > rows.length && (
        <p className="qq">
          The first {rows.length} of {formatNumber(all)}.
        </p>
      )}
    </section>
  );
}
