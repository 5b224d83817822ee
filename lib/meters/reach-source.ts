import type { DataSourceType, TestResult } from "../connectors/contract";
import { connectorOf, credentialsOf, settingsOf } from "../connectors/registry";
import { SourceError } from "../connectors/source-error";
import type { Worker } from "../pipeline/worker";
import { holdAccount } from "../quotas/hold-account";
import { learnQuota } from "../quotas/learn-quota";
import { accountLimits } from "../quotas/stated-calls";
import { takeQuota } from "../quotas/take-quota";
import { createApiFetch } from "../sources/api";
import { bucketOf } from "../sources/s3/bucket-of";
import { testSource } from "../sources/s3/test-source";
import { readNewestAs } from "./read-newest-object";

const TIMEOUT_MILLISECONDS = 15_000;
const MOST_BYTES = 8 * 1024 * 1024;

export interface MeterToReach {
  /** Of a stored meter, whose settings are those given here. */
  id?: string;
  type: string;
  dataSourceType: DataSourceType;
  dataSource: string;
  settings: Record<string, unknown>;
  timezone: string;
  accountKey: string;
  /** Plain. */
  credential: string;
}

/** What a source says of itself. Every call is taken from the account's quota first. Throws SourceError or InvalidInput. */
export async function reachSource(worker: Worker, meter: MeterToReach): Promise<TestResult> {
  if (meter.dataSourceType === "S3") return testSource(bucketOf(worker, meter), readNewestAs(meter));
  if (meter.dataSourceType === "UPLOAD") {
    throw new SourceError("NO_SOURCE", "This meter has no source to reach: people upload its files.", {
      isRetryable: false,
    });
  }
  const connector = connectorOf(meter.type);
  const { baseUrl, test } = connector;
  if (!test || !baseUrl) {
    throw new SourceError("NO_API", `${connector.label} meters are not collected from an API.`, { isRetryable: false });
  }
  const credentials = credentialsOf(connector, meter.credential);
  const settings = settingsOf(connector, meter.dataSourceType, meter.settings);
  const tested = test({
    settings,
    credentials,
    dataSource: meter.dataSource,
    timezone: meter.timezone,
    baseUrl: (worker.baseUrls[baseUrl.env] ?? baseUrl.fallback).replace(/\/+$/, ""),
    fetch: createApiFetch({
      fetch: worker.fetch,
      takeQuota: async () => {
        const limits = await accountLimits(worker.db, connector.quota?.(credentials, settings) ?? [], meter);
        await takeQuota(worker.db, meter.accountKey, limits, () => worker.now());
      },
      timeoutMs: TIMEOUT_MILLISECONDS,
      maxBytes: MOST_BYTES,
      onHeaders: async (headers) => {
        const told = connector.readQuota?.(headers) ?? [];
        if (told.length > 0) await learnQuota(worker.db, meter.accountKey, told, worker.now());
      },
    }),
    now: () => worker.now(),
  });
  return tested.catch(async (error: unknown) => {
    await holdAccount(worker.db, meter.accountKey, error, worker.now());
    throw error;
  });
}
