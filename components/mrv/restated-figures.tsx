import { formatNumber } from "@/components/ui/format";
import type { RecordDto } from "@/lib/mrv/schemas";
import { decimalWords } from "./record-words";

type Shown = NonNullable<RecordDto["restatement"]>["now"];

/** What a record says, and what its readings said when they were compared. */
export function RestatedFigures({ before, now, unit }: { before: Shown; now: Shown; unit: string }) {
  return (
    <dl className="kv l restated">
      <dt>Record</dt>
      <dd>
        <Figures of={before} unit={unit} />
      </dd>
      <dt>Now</dt>
      <dd>
        <Figures of={now} unit={unit} />
      </dd>
    </dl>
  );
}

function Figures({ of, unit }: { of: Shown; unit: string }) {
  return (
    <>
      <b className="strong">{of.value === null ? "no figure" : `${decimalWords(of.value)} ${unit}`}</b>
      {of.carbonTons !== null && `, ${decimalWords(of.carbonTons)} tCO2-e`}
      <span className="qq">, {formatNumber(of.readings)} readings</span>
    </>
  );
}
