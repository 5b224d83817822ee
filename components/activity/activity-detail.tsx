"use client";

import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/dialog";
import { Pre } from "@/components/ui/pre";
import { Time } from "@/components/ui/time";
import { type ActivityRow, objectName } from "./activity-row";

/** One row of the log with everything its hash covers. */
export function ActivityDetail(props: {
  row: ActivityRow | null;
  onClose: () => void;
  onOnly: (row: ActivityRow) => void;
}) {
  const { row, onClose, onOnly } = props;
  return (
    <Drawer
      title={row ? `Row ${row.seq}, ${row.action}` : ""}
      open={row !== null}
      onOpenChange={(open) => !open && onClose()}
      footer={
        row && (
          <Button icon="filter" onClick={() => onOnly(row)}>
            Only this {row.objectType}
          </Button>
        )
      }
    >
      {row && (
        <dl className="kv l">
          <dt>When</dt>
          <dd>
            <Time at={row.at} style="full" named />
          </dd>
          <dt>Who</dt>
          <dd>
            {row.actor.name}, {row.actor.kind}
          </dd>
          <dt>Object</dt>
          <dd>
            {row.objectType} {objectName(row)}
            <br />
            <code>{row.objectId}</code>
          </dd>
          {row.meterName && (
            <>
              <dt>Meter</dt>
              <dd>{row.meterName}</dd>
            </>
          )}
          <dt>Details</dt>
          <dd>
            <Pre>{JSON.stringify(row.details, null, 2)}</Pre>
          </dd>
          <dt>Hash</dt>
          <dd>
            <code>{row.hash}</code>
          </dd>
          <dt>Follows</dt>
          <dd>
            <code>{row.previousHash}</code>
          </dd>
        </dl>
      )}
    </Drawer>
  );
}
