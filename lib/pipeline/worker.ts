import type { Archive } from "../archive/archive";
import type { Db } from "../db/client";
import type { Logger } from "../log";
import type { AddressGuard } from "../net/address-guard";
import type { SendMail } from "../notifications/delivery/mail";
import type { SecretBox } from "../secrets";

/** What the stages work with. Built once per process by `lib/runtime.ts`, by hand in tests. */
export interface Worker {
  db: Db;
  archive: Archive;
  secrets: SecretBox;
  /** Refuses addresses that the configuration does not allow; the stages wrap it with quota, time-out and size limit. */
  fetch: typeof fetch;
  /** The same for clients that bring their own HTTP, such as that of S3. */
  addresses: Pick<AddressGuard, "agents" | "assertUrl">;
  /** Overrides of vendors' addresses by environment variable name (`WATTWATCHERS_BASE_URL`). */
  baseUrls: Record<string, string | undefined>;
  /** Absent where SMTP_URL is not set. */
  mail?: SendMail;
  /** Where people open the console, without a trailing slash: for links in messages. */
  consoleUrl: string;
  now(): Date;
  log: Logger;
}

/** One run's share: the tasks of this batch that still belong to it. */
export interface Batch {
  batchId: string;
  runId: string;
}
