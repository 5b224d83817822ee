import { Card, CardFoot, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Count } from "@/components/ui/tag";
import type { TaskDetail } from "@/lib/tasks/schemas";

/** What became of the rows: read, written, changed, rejected with the commonest reason. */
export function TaskRows({ task }: { task: TaskDetail }) {
  const figures = [
    { label: "Rows read", value: task.rowsRead },
    { label: "Written", value: task.rowsWritten },
    { label: "Changed", value: task.rowsChanged },
    { label: "Rejected", value: task.rowsRejected, note: commonest(task.rejects.map(({ reason }) => reason)) },
  ];
  return (
    <div className="rows4">
      {figures.map(({ label, value, note }) => (
        <div key={label}>
          <p className="figl">{label}</p>
          <b>{formatNumber(value)}</b>
          {note && (
            <p className="figl clip" title={note}>
              {note}
            </p>
          )}
        </div>
      ))}
    </div>
  );
}

/** Rows that were left out, each with its line and why. */
export function TaskRejects({ task }: { task: TaskDetail }) {
  const { rejects, rowsRejected } = task;
  return (
    <Card>
      <CardHead title="Rejected rows" note={<Count>{formatNumber(rowsRejected)}</Count>} />
      <table className="tbl tight" aria-label="Rejected rows">
        <thead>
          <tr>
            <th>Row</th>
            <th>Reason</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map(({ row, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rows can be alike, and the list never changes order.
            <tr key={index}>
              <td className="m1">
                <code>{row}</code>
              </td>
              <td className="m3 wrap">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rowsRejected > rejects.length && (
        <CardFoot>
          The first {formatNumber(rejects.length)} of {formatNumber(rowsRejected)} are kept; the others are in the raw
          answer.
        </CardFoot>
      )}
    </Card>
  );
}

function commonest(reasons: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!first) return null;
  return counts.size === 1
    ? first[0]
    : `${first[0]}, and ${counts.size - 1} other ${counts.size === 2 ? "reason" : "reasons"}`;
}
