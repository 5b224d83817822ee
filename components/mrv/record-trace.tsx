import Link from "next/link";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { Pager } from "@/components/ui/pager";
import { State } from "@/components/ui/state";
import { Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { sizeWords } from "@/components/uploads/size-words";
import type { Page } from "@/lib/http/cursor";
import type { TracedObject, TracedReading } from "@/lib/mrv/queries/trace";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { decimalWords } from "./record-words";
import { UsedBy } from "./used-by";

/** The readings of a record's period as they stand now, each with the task and the object it came by. */
export function RecordReadings(props: {
  record: RecordSummary;
  readings: Page<TracedReading>;
  /** This tab's address, without and with the next page. */
  firstHref: string | null;
  nextHref: string | null;
}) {
  const { record, readings, firstHref, nextHref } = props;
  return (
    <Card>
      <CardHead title="Readings" note="of the period, as they stand now" rule />
      {readings.items.length === 0 ? (
        <CardBody>
          <p className="q pt-3">No reading starts in this period.</p>
        </CardBody>
      ) : (
        <>
          <table className="tbl tight" aria-label="Readings">
            <thead>
              <tr>
                <th>Start</th>
                <th className="r">Figure, {record.unit}</th>
                <th className="r p1">Carbon, tCO2-e</th>
                <th>Quality</th>
                <th className="p0">Revision</th>
                <th className="p2">Object</th>
              </tr>
            </thead>
            <tbody>
              {readings.items.map((reading) => (
                <tr key={reading.timestamp.toISOString()}>
                  <td className="m1">
                    <Link href={`/tasks/${reading.taskId}`}>
                      <Time at={reading.timestamp} zone={record.timezone} />
                    </Link>
                  </td>
                  <td className="r m2">
                    {reading.value === null ? <span className="qq">none</span> : decimalWords(reading.value)}
                  </td>
                  <td className="r p1">
                    {reading.carbonTons === null ? <span className="qq">none</span> : decimalWords(reading.carbonTons)}
                  </td>
                  <td className="m3 q">
                    {reading.quality.replace("_", " ")}
                    {reading.isNewer && (
                      <>
                        {" "}
                        <State state="person">written after the record</State>
                      </>
                    )}
                  </td>
                  <td className="p0 q">{reading.revision}</td>
                  <td className="p2">
                    <code className="q" title={reading.objectId}>
                      …{reading.objectId.slice(-8)}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Pager previous={firstHref} previousLabel="First page" next={nextHref}>
            <span className="qq">
              {formatNumber(readings.items.length)} of {formatNumber(record.readings)} readings
            </span>
          </Pager>
        </>
      )}
    </Card>
  );
}

/** Every object behind a record with its hash, the raw ones under what was made of them; and the other records that used it. */
export function RecordObjects(props: {
  record: RecordSummary;
  objects: { transformed: TracedObject[]; raw: TracedObject[] };
  usedBy: ReadonlyMap<string, RecordSummary[]>;
}) {
  const { record, objects, usedBy } = props;
  const raw = new Map(objects.raw.map((object) => [object.id, object]));
  const others = (id: string) => (usedBy.get(id) ?? []).filter((each) => each.id !== record.id);
  // What was made of a raw object says it for both, where the same records used both.
  const othersOfInput = (id: string, transformedId: string) => {
    const ids = (records: readonly RecordSummary[]) => records.map((each) => each.id).join();
    return ids(others(id)) === ids(others(transformedId)) ? [] : others(id);
  };
  return (
    <Card>
      <CardHead title="Objects" note="as the evidence names them" rule />
      {objects.transformed.length === 0 && (
        <CardBody>
          <p className="q pt-3">The evidence names no object.</p>
        </CardBody>
      )}
      {objects.transformed.map((object) => (
        <div key={object.id} className="trace">
          <ObjectRow object={object} name="Transformed readings" zone={record.timezone} usedBy={others(object.id)} />
          {object.inputIds.map((id) => {
            const input = raw.get(id);
            return input ? (
              <ObjectRow
                key={id}
                object={input}
                name="Raw, as received"
                zone={record.timezone}
                usedBy={othersOfInput(id, object.id)}
                isInput
              />
            ) : null;
          })}
        </div>
      ))}
      <CardFoot>
        The bytes of each are in the evidence bundle, where <code>npm run verify-evidence</code> recomputes the figures
        from them
      </CardFoot>
    </Card>
  );
}

function ObjectRow(props: {
  object: TracedObject;
  name: string;
  zone: string;
  usedBy: readonly RecordSummary[];
  isInput?: boolean;
}) {
  const { object, name, zone, usedBy, isInput } = props;
  return (
    <div className={isInput ? "art input" : "art"}>
      <div className="row">
        <Icon name="file" />
        <b className="strong">{name}</b>
        <Tag>{object.contentType.split(";", 1)[0]}</Tag>
        <span className="push qq figs">{sizeWords(object.sizeBytes)}</span>
      </div>
      <code className="q">{object.key}</code>
      <div className="row">
        <code className="qq hash" title={object.sha256}>
          sha256 {object.sha256.slice(0, 16)}…{object.sha256.slice(-8)}
        </code>
        <span className="push">
          <CopyButton text={object.sha256} label={`Copy the hash of ${object.key}`} />
        </span>
      </div>
      <p className="figs qq">
        {object.fetchedAt ? (
          <>
            {isInput ? "Fetched" : "Written"} <Time at={object.fetchedAt} zone={zone} seconds />
          </>
        ) : (
          "The archive has no row of it any more"
        )}
        {object.coversFrom && object.coversTo && (
          <>
            , covers <Time at={object.coversFrom} until={object.coversTo} zone={zone} />
          </>
        )}
      </p>
      <UsedBy records={usedBy} words="Also used by" />
    </div>
  );
}
