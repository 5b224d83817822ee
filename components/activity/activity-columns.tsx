import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { Column } from "@/components/ui/data-table";
import { Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { type ActivityRow, detailsLine, objectHref, objectName } from "./activity-row";

export function activityColumns(open: (row: ActivityRow) => void): readonly Column<ActivityRow>[] {
  return [
    { id: "at", header: "When", list: 2, cell: (row) => <Time at={row.at} /> },
    {
      id: "actor",
      header: "Who",
      list: 1,
      cell: (row) => (
        <>
          {row.actor.name} {row.actor.kind !== "user" && <Tag>{row.actor.kind}</Tag>}
        </>
      ),
    },
    { id: "action", header: "Action", list: 3, cell: (row) => <code>{row.action}</code> },
    { id: "object", header: "Object", list: 3, cell: (row) => <ObjectOf row={row} /> },
    { id: "details", header: "Details", drop: 2, clip: true, cell: (row) => detailsLine(row.details) },
    {
      id: "seq",
      header: "Row",
      right: true,
      list: 3,
      cell: (row) => (
        <Button small variant="quiet" aria-label={`Details of row ${row.seq}`} onClick={() => open(row)}>
          #{row.seq}
        </Button>
      ),
    },
  ];
}

function ObjectOf({ row }: { row: ActivityRow }) {
  const href = objectHref(row);
  const name = objectName(row);
  return (
    <>
      <span className="qq">{row.objectType}</span>{" "}
      {href ? (
        <Link className="link" href={href}>
          {name}
        </Link>
      ) : (
        name
      )}
    </>
  );
}
