import Link from "next/link";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { MeterTypeOption } from "@/lib/meters/form-options";
import type { MeterDto } from "@/lib/meters/schemas";
import { type MetricName, metricOf } from "@/lib/metrics/registry";
import { sourceWords } from "./source-words";

/** Lists whose emptiness says which part of the data is the meter: all of it. */
const SAID_WHEN_EMPTY = ["channels", "suffixes"];

const isGiven = (value: unknown) =>
  value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);

/** What a meter is, in words. `full` has what only its settings need to say, defaults too. */
export function MeterAbout({
  meter,
  type,
  device,
  full,
}: {
  meter: MeterDto;
  type: MeterTypeOption | undefined;
  device: { id: string; name: string } | null;
  full?: boolean;
}) {
  const { s3, ...settings } = meter.settings as { s3?: { prefix?: string; pattern?: string } };
  const given: Record<string, unknown> = settings;
  const isS3 = meter.dataSourceType === "S3";
  const isUpload = meter.dataSourceType === "UPLOAD";
  return (
    <dl className="kv">
      {full && (
        <>
          <Fact name="Type">{type?.label ?? meter.type}</Fact>
          {!isUpload && (
            <Fact name={isS3 ? "Bucket" : (type?.dataSource.label ?? "Data source")}>
              <code>{meter.dataSource}</code>
            </Fact>
          )}
        </>
      )}
      <Fact name="Source">{sourceWords[meter.dataSourceType]}</Fact>
      {isS3 && s3?.prefix && (
        <Fact name="Key prefix">
          <code>{s3.prefix}</code>
        </Fact>
      )}
      {isS3 && s3?.pattern && (
        <Fact name="Key pattern">
          <code>{s3.pattern}</code>
        </Fact>
      )}
      <Fact name="Capacity">
        {meter.capacityKw ? `${formatNumber(meter.capacityKw, decimalsOf(meter.capacityKw))} kW` : "not given"}
      </Fact>
      {(type?.settings ?? [])
        .filter(({ name }) => full || SAID_WHEN_EMPTY.includes(name) || isGiven(given[name]))
        .map(({ name, title }) => (
          <Fact key={name} name={title}>
            {settingWords(name, given[name])}
          </Fact>
        ))}
      <Fact name="Device">
        {device ? (
          <Link className="link" href={`/devices/${device.id}`}>
            {device.name}
          </Link>
        ) : (
          "none, no records are signed"
        )}
      </Fact>
      <Fact name="Region">{meter.region ?? "none, no carbon is calculated"}</Fact>
      {full && <Fact name="Time zone">{meter.timezone}</Fact>}
      {!isUpload && <SourceFacts meter={meter} />}
      {meter.lastTest && !meter.lastTest.ok && <dd className="whole q">{meter.lastTest.message}</dd>}
      {full && (
        <>
          <Fact name="Added">
            <Time at={meter.createdAt} zone={meter.timezone} style="full" />
          </Fact>
          <Fact name="Last change">
            <Time at={meter.updatedAt} zone={meter.timezone} style="full" />, version {meter.version}
          </Fact>
          <Fact name="Id">
            <code>{meter.id}</code>
          </Fact>
        </>
      )}
    </dl>
  );
}

/** What only a meter has whose source is asked. */
function SourceFacts({ meter: { credentialHint, lastTest, timezone } }: { meter: MeterDto }) {
  return (
    <>
      <Fact name="Credential">
        <span className="row end">
          <Icon name="lock" small />
          <code>{credentialHint}</code> stored, never shown
        </span>
      </Fact>
      <Fact name="Last test">
        {lastTest ? (
          <span className="row end">
            <State state={lastTest.ok ? "succeeded" : "failed"}>
              <Time at={lastTest.at} zone={timezone} />
              {lastTest.ok ? ", reached" : ", not reached"}
            </State>
          </span>
        ) : (
          "never"
        )}
      </Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** As many as were typed, so that 12.5 is not shown as 13. */
function decimalsOf(value: number): number {
  return String(value).split(".")[1]?.length ?? 0;
}

/** `1 to 3`, `1, 3 and 5`; what an empty setting means is said by its own name. */
export function settingWords(name: string, value: unknown): string {
  const list = (Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value]).flatMap(partWords);
  if (list.length === 0) return SAID_WHEN_EMPTY.includes(name) ? "all" : "none";
  const numbers = list.map(Number);
  const isRun =
    list.length > 2 && numbers.every((each, index) => Number.isInteger(each) && each === (numbers[0] ?? 0) + index);
  if (isRun) return `${list[0]} to ${list.at(-1)}`;
  return list.length === 1 ? String(list[0]) : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
}

/** A mapped column by what it is mapped to; of a table of words each with its meaning. */
function partWords(part: unknown): unknown[] {
  if (typeof part === "boolean") return [part ? "yes" : "no"];
  if (typeof part !== "object" || part === null) return [part];
  if ("metric" in part) return [mappingWords(part as Mapping)];
  return Object.entries(part).map(([word, each]) => `${word} ${each}`);
}

interface Mapping {
  column?: string;
  channel?: string;
  metric: MetricName;
  unit: string;
  invert?: boolean;
}

function mappingWords({ column, channel, metric, unit, invert }: Mapping): string {
  return `${column ?? channel} as ${metricOf(metric).label.toLowerCase()} (${unit}${invert ? ", sign flipped" : ""})`;
}
