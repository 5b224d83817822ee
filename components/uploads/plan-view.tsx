import Link from "next/link";
import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import { metricOf } from "@/lib/metrics/registry";
import type { UploadPlan } from "@/lib/uploads/schemas";
import { ReadingRows } from "./reading-rows";
import { RejectList } from "./reject-list";

const DAYS_SHOWN = 31;

/** What an upload would do: what it covers, what of it is new, changes or is the same, its first rows, and what was refused. */
export function PlanView({ plan, timezone }: { plan: UploadPlan; timezone: string }) {
  const { files, refusal, notes, changes } = plan;
  return (
    <>
      {refusal && (
        <Note
          state={refusal.code === "NOTHING_NEW" ? "pending" : "failed"}
          role="status"
          title={refusal.code === "NOTHING_NEW" ? "Nothing would change" : "This cannot be ingested"}
        >
          <p>{refusal.message}</p>
          {refusal.code !== "NOTHING_NEW" && <p>Nothing is stored in the table. The file stays in the archive.</p>}
        </Note>
      )}
      {files.map(({ id, fileName, sameAs }) =>
        sameAs ? (
          <Note key={id} state="pending" title={`${fileName} was uploaded before`}>
            <p>
              The very same bytes came as {sameAs.fileName} on <Time at={sameAs.createdAt} zone={timezone} />, from{" "}
              {sameAs.createdBy}.
            </p>
          </Note>
        ) : null,
      )}
      {notes.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
      <Effect>
        <EffectLine
          name={files.length === 1 ? "File" : "Files"}
          value={files.length === 1 ? (files[0]?.fileName ?? "") : formatNumber(files.length)}
          note={files.length > 1 ? files.map(({ fileName }) => fileName).join(", ") : undefined}
        />
        <EffectLine
          name="Read by"
          value={
            <Link className="link" href={`/meters/${plan.meterId}/edit`}>
              the settings of the meter
            </Link>
          }
          note="and by the parser that reads every other file"
        />
        {plan.from && plan.to && (
          <EffectLine
            name="Covers"
            value={<Time at={plan.from} zone={timezone} style="full-date" />}
            note={
              <>
                until <Time at={new Date(Number(plan.to) - 1)} zone={timezone} style="full-date" />,{" "}
                {plan.days.length === 1 ? "1 day" : `${formatNumber(plan.days.length)} days`} with readings
              </>
            }
          />
        )}
        <EffectLine name="Readings" value={formatNumber(plan.readings)} note="of this meter" />
        <EffectLine name="New" value={formatNumber(plan.new)} note="nothing is stored of their intervals" />
        <EffectLine name="Changed" value={formatNumber(plan.changed)} note="restated; the old values are kept" />
        <EffectLine name="The same" value={formatNumber(plan.same)} note="left as they are" />
        <EffectLine name="Refused rows" value={formatNumber(plan.rejected)} />
        <EffectLine
          name="Tasks"
          value={formatNumber(refusal ? 0 : plan.days.length)}
          note="one a day, through the same stages as every other"
        />
      </Effect>
      <ReadingRows rows={plan.first} metrics={plan.metrics} timezone={timezone} />
      {changes.length > 0 && (
        <section className="part">
          <h3>What changes</h3>
          <table className="tbl tight" aria-label="What changes">
            <thead>
              <tr>
                <th>Interval</th>
                <th className="r">Stored, {metricOf(changes[0]?.metric ?? "eRealKwh").unit}</th>
                <th className="r">File, {metricOf(changes[0]?.metric ?? "eRealKwh").unit}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ at, before, after }) => (
                <tr key={String(at)}>
                  <td className="m1">
                    <Time at={at} zone={timezone} />
                  </td>
                  <td className="r m3">
                    <Num value={before} decimals={3} />
                  </td>
                  <td className="r m2">
                    <Num value={after} decimals={3} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {plan.changed > changes.length && (
            <p className="qq">
              The first {changes.length} of {formatNumber(plan.changed)}.
            </p>
          )}
        </section>
      )}
      {plan.days.length > 1 && <Days plan={plan} />}
      <RejectList rejects={plan.rejects} all={plan.rejected} />
    </>
  );
}

function Days({ plan: { days } }: { plan: UploadPlan }) {
  return (
    <section className="part">
      <h3>By day</h3>
      <table className="tbl tight" aria-label="Readings by day">
        <thead>
          <tr>
            <th>Day</th>
            <th className="r">Readings</th>
            <th className="r">New</th>
            <th className="r">Changed</th>
            <th className="r">The same</th>
          </tr>
        </thead>
        <tbody>
          {days.slice(0, DAYS_SHOWN).map((each) => (
            <tr key={each.day}>
              <td className="m1">{each.day}</td>
              <td className="r m2">
                {formatNumber(each.readings)}
                <span className="list-only qq"> readings</span>
              </td>
              <td className="r">{formatNumber(each.new)}</td>
              <td className="r">{formatNumber(each.changed)}</td>
              <td className="r">{formatNumber(each.same)}</td>
              <td className="m3 list-only q">
                {formatNumber(each.new)} new, {formatNumber(each.changed)} changed, {formatNumber(each.same)} the same
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {days.length > DAYS_SHOWN && (
        <p className="qq">
          The first {DAYS_SHOWN} of {formatNumber(days.length)}.
        </p>
      )}
    </section>
  );
}
