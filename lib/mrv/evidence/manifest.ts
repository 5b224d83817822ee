import type { Origin } from "../../db/schema/archive";
import type { MetricName, Quality } from "../../metrics/registry";

/**
 * All that a record's figures rest on, with hashes. Its own hash (`evidenceHash`: SHA-256 of its canonical JSON) is what an
 * approval binds to. Plain JSON: instants ISO 8601 UTC, figures decimal text.
 */
export interface EvidenceManifest {
  format: "meterproof-evidence/1";
  codeVersion: string;
  record: {
    id: string;
    taskId: string;
    replacesId: string | null;
    correctsId: string | null;
    /** 0 for a first record of its period, then 1, 2, … */
    correction: number;
  };
  device: { id: string; did: string; policyId: string; policyTag: string; type: string };
  meter: {
    id: string;
    name: string;
    type: string;
    dataSourceType: string;
    dataSource: string;
    timezone: string;
    region: string | null;
    capacityKw: number | null;
    settings: Record<string, unknown>;
  };
  job: { id: string; interval: string; timezone: string; settings: Record<string, unknown> };
  /** Half-open. */
  period: { start: string; end: string; timezone: string };
  figures: {
    metric: MetricName;
    unit: string;
    /** Sum over the readings; null without any. */
    value: string | null;
    carbonTons: string | null;
  };
  coverage: {
    expected: number;
    present: number;
    /** Present over expected, six digits. */
    ratio: string;
    longestGapMinutes: number;
    /** The first hundred stretches without a reading. */
    missing: { from: string; to: string }[];
  };
  qualities: Partial<Record<Quality, number>>;
  /** The canonical rows (`canonical-rows.ts`). */
  readings: { count: number; sha256: string };
  factors: EvidenceFactor[];
  objects: EvidenceObject[];
}

export interface EvidenceFactor {
  id: string;
  publisher: string;
  edition: string;
  region: string;
  scope: string;
  method: string;
  value: string;
  unit: string;
  validFrom: string;
  validTo: string | null;
  source: string;
  /** Readings of the period whose carbon was computed with it. */
  readings: number;
}

/** Transformed objects that readings were read from, and the raw ones those were made from; by kind and id. */
export interface EvidenceObject {
  id: string;
  kind: "raw" | "transformed";
  key: string;
  sha256: string;
  sizeBytes: number;
  contentType: string;
  origin: Origin;
  coversFrom: string | null;
  coversTo: string | null;
  /** Of a transformed object, in order. */
  inputIds: string[];
}
