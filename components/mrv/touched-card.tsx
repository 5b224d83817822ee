import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { initialsOf } from "@/components/ui/initials";
import { Note } from "@/components/ui/note";
import { Time } from "@/components/ui/time";
import type { MayApprove, Touched } from "@/lib/mrv/schemas";

/** Who changed something of a record, its meter, job, device or data; and whether the viewer may approve it. */
export function TouchedCard(props: {
  touched: readonly Touched[];
  /** Null where there is nothing to approve. */
  may: MayApprove | null;
  zone: string;
}) {
  const { touched, may, zone } = props;
  return (
    <Card>
      <CardHead title="Who touched what" rule />
      <CardBody className="hashes py-1.5">
        {touched.length === 0 && <p className="q py-2">Nobody changed the meter, its job, its device or its data.</p>}
        {touched.map(({ actorKind, actorName, what, at, auditSeq }) => (
          <div key={`${auditSeq} ${what}`} className="who">
            {actorKind === "user" ? (
              <span className="avatar" aria-hidden="true">
                {initialsOf(actorName)}
              </span>
            ) : (
              <span className="avatar sysav" aria-hidden="true">
                <Icon name={actorKind === "token" ? "key" : "job"} small />
              </span>
            )}
            <span>
              <b>{actorName}</b>
              <span className="d">{what}</span>
            </span>
            <span className="tm">
              <Time at={at} zone={zone} style="date" />
            </span>
          </div>
        ))}
        {may && (
          <div className="pt-2 pb-1.5">
            <Note state={may.isAllowed ? "succeeded" : "person"}>
              <p className="figs">Four eyes: {may.sentence.charAt(0).toLowerCase() + may.sentence.slice(1)}</p>
            </Note>
          </div>
        )}
      </CardBody>
    </Card>
  );
}
