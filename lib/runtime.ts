import type { Archive } from "./archive/archive";
import { openArchive } from "./archive/open-archive";
import { type DatabaseHandle, type Db, openDatabase } from "./db/client";
import { BadEnvironment, env } from "./env";
import { log } from "./log";
import { createAddressGuard } from "./net/address-guard";
import { createMailer } from "./notifications/delivery/mail";
import type { Worker } from "./pipeline/worker";
import { createSecretBox, parseSecretKeys, type SecretBox } from "./secrets";
import { dispatchRequests } from "./tasks/dispatch-requests";

/** What one process holds once, built from the environment at the first use. */
interface Runtime {
  database?: DatabaseHandle;
  requestDispatch?: () => Promise<boolean>;
}

// Next bundles this module several times (pages, routes, instrumentation): they must share one pool.
const holder = globalThis as typeof globalThis & { meterproofRuntime?: Runtime };

function runtime(): Runtime {
  holder.meterproofRuntime ??= {};
  return holder.meterproofRuntime;
}

/**
 * What each bundle has for itself, because it throws errors of ours: what another bundle made throws that bundle's classes, which
 * no `instanceof` of this one knows.
 */
const own: { archive?: Archive; secrets?: SecretBox; worker?: Worker } = {};

export function getDb(): Db {
  const shared = runtime();
  shared.database ??= openDatabase(env().DATABASE_URL, {
    max: env().DATABASE_POOL_SIZE,
    applicationName: "meterproof app",
  });
  return shared.database.db;
}

export function getArchive(): Archive {
  own.archive ??= openArchive(env().ARCHIVE_URL);
  return own.archive;
}

export function getWorker(): Worker {
  if (own.worker) return own.worker;
  const addresses = createAddressGuard({ allowed: allowedAddresses() });
  own.worker = {
    db: getDb(),
    archive: getArchive(),
    secrets: getSecrets(),
    fetch: addresses.fetch,
    addresses,
    baseUrls: env().baseUrls,
    mail: mailer(),
    consoleUrl: (env().NEXTAUTH_URL ?? `http://localhost:${env().PORT}`).replace(/\/+$/, ""),
    now: () => new Date(),
    log,
  };
  return own.worker;
}

function mailer(): Worker["mail"] {
  const { SMTP_URL: url, SMTP_FROM: from } = env();
  return url && from ? createMailer({ url, from }) : undefined;
}

/** Vendors' addresses from the environment are the operator's own: they are reached wherever they are. */
function allowedAddresses(): string[] {
  const overrides = Object.values(env().baseUrls).flatMap((url) => url ?? []);
  return [
    ...env().METERPROOF_ALLOWED_ADDRESSES,
    ...overrides.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, "")),
  ];
}

/** Throws BadEnvironment when the keys are not of the right form. */
export function getSecrets(): SecretBox {
  own.secrets ??= secretBoxOf(env());
  return own.secrets;
}

export function secretBoxOf(keys: { METERPROOF_SECRET_KEYS: string; METERPROOF_FINGERPRINT_KEY: string }): SecretBox {
  try {
    return createSecretBox(
      parseSecretKeys(keys.METERPROOF_SECRET_KEYS),
      Buffer.from(keys.METERPROOF_FINGERPRINT_KEY, "base64"),
    );
  } catch (error) {
    throw new BadEnvironment(error instanceof Error ? error.message : String(error));
  }
}

/** How this process asks for a dispatch. Given at its start, because lib does not know how events are sent. */
export function sendDispatchRequestsBy(send: () => Promise<unknown>): void {
  runtime().requestDispatch = dispatchRequests(send, (error) =>
    log.warn({ err: error }, "Work could not be started at once: the minute's dispatch starts it."),
  );
}

/** Asks for a dispatch now; false where it was not sent, and the minute's dispatch does it. */
export function requestDispatch(): Promise<boolean> {
  return runtime().requestDispatch?.() ?? Promise.resolve(false);
}

/** Queries under way get five seconds. */
export async function closeRuntime(): Promise<void> {
  await runtime().database?.close();
}
