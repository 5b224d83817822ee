import type { Flow } from "../../../connectors/contract";
import type { Thresholds } from "../../../findings/thresholds";
import type { MetricName } from "../../../metrics/registry";
import type { CheckResult } from "../../../mrv/check-result";
import type { EvidenceManifest } from "../../../mrv/evidence/manifest";
import type { PeriodReading } from "../../../mrv/extraction/period-readings";
import type { MrvSettings } from "../../../mrv/settings";
import type { RecordStatus } from "../../../mrv/statuses";

/** All that the checks of one record look at. Instants in epoch seconds, energies in the record's unit unless said otherwise. */
export interface CheckInput {
  evidence: EvidenceManifest;
  /** The record's figure; null without one. */
  value: number | null;
  from: number;
  to: number;
  timezone: string;
  settings: MrvSettings;
  meter: CheckedMeter;
  /** As they are now, in order of their start; `rowsSha256` is their hash. */
  readings: readonly PeriodReading[];
  rowsSha256: string;
  /** Open ones of the meter that overlap the period. */
  findings: readonly OpenFinding[];
  /** Null: no other meter is set. */
  crossCheck: CrossCheck | null;
  /** The newest seven of the meter and metric that ended before the period, the newest first. */
  earlier: readonly EarlierRecord[];
  /** Other live records of the meter or the device over a part of the period; not those of the record's own task. */
  overlaps: readonly OverlappingRecord[];
  /** The factors behind the readings as they stand now: when one was superseded; null: it is in force. */
  supersededAt: ReadonlyMap<string, Date | null>;
  /** ETL intervals over a part of the period that did not end well, or are worked on again. */
  collection: readonly CollectionTrouble[];
  /** SHA-256 of the archive's rows by object id, of all objects that the evidence or a reading names. */
  objects: ReadonlyMap<string, string>;
}

export interface CheckedMeter {
  name: string;
  /** Of its type. */
  typeLabel: string;
  /** Its type has no metered value of the record's metric: what it gives is computed. */
  isModelled: boolean;
  capacityKw: number | null;
  region: string | null;
  /** Undefined: nobody knows. */
  flow: Flow | undefined;
  thresholds: Thresholds;
}

export interface OpenFinding {
  check: string;
  label: string;
  from: number;
  to: number;
  sentence: string;
  isAcknowledged: boolean;
}

export interface CrossCheck {
  meterName: string;
  isModelled: boolean;
  /** Of the period; null without readings. */
  value: number | null;
  /** Share of the period that its readings cover, at most 1. */
  coverage: number;
}

export interface EarlierRecord {
  value: number;
  from: number;
  to: number;
}

export interface OverlappingRecord {
  id: string;
  metric: MetricName;
  status: RecordStatus;
  meterName: string;
  deviceName: string;
  jobName: string;
  from: number;
  to: number;
  isSameMeter: boolean;
}

export interface CollectionTrouble {
  job: string;
  /** `unfinished`: somebody has put it to work again. */
  state: "failed" | "cancelled" | "unfinished";
  tasks: number;
  from: number;
  to: number;
}

export type Verdict = Pick<CheckResult, "result" | "figure" | "threshold" | "sentence"> & {
  /** Where it depends on what was found; else the check's own. */
  isBlocking?: boolean;
  label?: string;
};

/** One question about a record. */
export interface RecordCheck {
  /** Stored in `mrv_records.checks`. */
  name: string;
  label: string;
  /** Where it fails nobody can approve the record, whatever the reason. */
  isBlocking: boolean;
  /** Pure: the same input gives the same verdict. */
  run(input: CheckInput): Verdict;
}

/** There is nothing to hold the record against. */
export function notApplicable(sentence: string, figure: string | null = null): Verdict {
  return { result: "not_applicable", figure, threshold: null, sentence };
}

export const passedIf = (holds: boolean) => (holds ? "passed" : "failed");
