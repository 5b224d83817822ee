import type { Connector } from "../../connectors/contract";
import { credentialsOf } from "../../connectors/registry";
import { SourceError } from "../../connectors/source-error";
import { holdAccount } from "../../quotas/hold-account";
import { learnQuota } from "../../quotas/learn-quota";
import { accountLimits } from "../../quotas/stated-calls";
import { takeQuota } from "../../quotas/take-quota";
import { createApiFetch } from "../../sources/api";
import { withoutCredential } from "../../sources/without-credential";
import type { Worker } from "../worker";
import type { FetchRange } from "./fetch-ranges";
import { archiveAnswer, type RawObject } from "./raw-objects";
import type { Meter } from "./run-stage";

const TIMEOUT_MILLISECONDS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Asks an API meter's vendor for a range, at the named endpoints, and archives every answer as soon as it is there. */
export type FetchRangeOf = (range: FetchRange, endpoints: readonly string[]) => Promise<RawObject[]>;

/**
 * Opens the meter's credential and prepares its calls: each is taken from the account's quota first, and each answer's headers
 * say what is left. Throws SecretUnreadable, InvalidInput or SourceError where the meter cannot be called at all.
 */
export function prepareFetch(worker: Worker, meter: Meter, connector: Connector, settings: unknown): FetchRangeOf {
  const { baseUrl, fetch: fetchRange } = connector;
  if (!fetchRange || !baseUrl) {
    throw new SourceError("NO_API", `${connector.label} meters are not collected from an API.`, { isRetryable: false });
  }
  const text = worker.secrets.open(meter.dataCredentials, `meters.data_credentials:${meter.id}`);
  const credentials = credentialsOf(connector, text);
  const context = {
    settings,
    credentials,
    dataSource: meter.dataSource,
    timezone: meter.timezone,
    baseUrl: (worker.baseUrls[baseUrl.env] ?? baseUrl.fallback).replace(/\/+$/, ""),
    fetch: createApiFetch({
      fetch: worker.fetch,
      takeQuota: async () => {
        const limits = await accountLimits(worker.db, connector.quota?.(credentials, settings) ?? [], meter);
        await takeQuota(worker.db, meter.accountKey, limits, worker.now);
      },
      timeoutMs: TIMEOUT_MILLISECONDS,
      maxBytes: MOST_BYTES,
      onHeaders: async (headers) => {
        const told = connector.readQuota?.(headers) ?? [];
        if (told.length > 0) await learnQuota(worker.db, meter.accountKey, told, worker.now());
      },
    }),
    now: () => worker.now(),
  };
  return async (range, endpoints) => {
    const objects: RawObject[] = [];
    const asked = { from: new Date(range.from), to: new Date(range.to) };
    try {
      for await (const answer of fetchRange(context, asked, endpoints)) {
        const { from, to } = answer.range;
        const origin = { kind: "api" as const, url: answer.origin };
        objects.push(await archiveAnswer(worker, meter.id, { ...answer, from, to, origin }));
      }
    } catch (error) {
      await holdAccount(worker.db, meter.accountKey, error, worker.now());
      // Vendors repeat a key that they refuse, and what they say is kept on the task for everybody to read.
      throw error instanceof SourceError ? error.rewritten((said) => withoutCredential(said, text)) : error;
    }
    return objects;
  };
}
