import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { formatNumber, formatSigned } from "@/components/ui/format";
import { Age, Time } from "@/components/ui/time";
import type { Restatement } from "@/lib/readings/restatements";

/** What later collections changed, newest first. */
export function RestatementsCard(props: { restatements: readonly Restatement[]; meterId: string; timezone: string }) {
  const { restatements, meterId, timezone } = props;
  return (
    <Card>
      <CardHead title="Restatements" note={`last ${restatements.length}`} rule />
      {restatements.map((each) => (
        <div key={each.taskId} className="find">
          <i className="sw rs" />
          <span>
            <Link className="link" href={`/data?meters=${meterId}&from=${each.from}&to=${each.to}`}>
              <Time at={each.from} until={each.to} zone={timezone} />
            </Link>
          </span>
          <span className="tm">
            <Age at={each.at} zone={timezone} />
          </span>
          <span className="d">
            {each.readings === 1 ? "1 reading" : `${formatNumber(each.readings)} readings`}
            {each.beforeKwh !== null && each.afterKwh !== null && (
              <>
                , {formatNumber(each.beforeKwh, 3)} to {formatNumber(each.afterKwh, 3)} kWh (
                {formatSigned(each.afterKwh - each.beforeKwh, 3)})
              </>
            )}
            , by its <Link href={`/tasks/${each.taskId}`}>task</Link>
          </span>
        </div>
      ))}
    </Card>
  );
}
