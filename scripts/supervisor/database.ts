import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { migrateDatabase } from "../../lib/db/migrate";
import { deviceKeyContext } from "../../lib/devices/internal";
import { Unavailable } from "../../lib/errors";
import { targetContext } from "../../lib/notifications/channels/target";
import { secretBoxOf } from "../../lib/runtime";
import type { SecretBox } from "../../lib/secrets";
import { errnoOf, StartError } from "../start-error";
import type { Secrets } from "./secrets-file";

/** Connects once and migrates. Throws StartError with what to do; the password is never in it. */
export async function prepareDatabase(url: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new StartError("DATABASE_URL must be an address such as postgres://user:password@host:5432/meterproof.");
  }
  const client = postgres(url, { max: 1, connect_timeout: CONNECT_SECONDS, onnotice: () => undefined });
  try {
    await Promise.race([client`select 1`, refuseAfter(CONNECT_SECONDS * 1000 + 1_000)]);
  } catch (error) {
    throw new StartError(`The database at ${placeOf(url)} (DATABASE_URL) ${reasonOf(error)}.`, { cause: error });
  } finally {
    await client.end({ timeout: 2 });
  }
  try {
    await migrateDatabase(url);
  } catch (error) {
    if (error instanceof Unavailable) throw new StartError(error.message);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const text = cause instanceof Error ? cause.message : String(cause);
    const advice =
      cause instanceof postgres.PostgresError && cause.code === "42501"
        ? " Give its user the right to create objects there."
        : "";
    throw new StartError(`The database at ${placeOf(url)} could not be brought up to date: ${text}.${advice}`, {
      cause: error,
    });
  }
}

const CONNECT_SECONDS = 10;

/** The driver tries for ever where something takes connections and closes them: a proxy without a database behind it. */
async function refuseAfter(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw Object.assign(new Error("There was no answer."), { code: "CONNECT_TIMEOUT" });
}

/**
 * Runs the steps that prepare the database, each of which can be repeated. An embedded one that dies under them is started
 * again by its service, and then so are they. Throws StartError for whatever the database refuses.
 */
export async function throughRestarts<T>(
  database: { url: string; isEmbedded: boolean },
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (const deadline = Date.now() + BACK_WITHIN_MS; ; await sleep(500)) {
    try {
      return await work();
    } catch (error) {
      const isLost = causesOf(error).some((cause) => CONNECTION_LOST.includes(errnoOf(cause) ?? ""));
      if (isLost && database.isEmbedded && Date.now() < deadline && !signal.aborted) continue;
      if (error instanceof StartError) throw error;
      const place = placeOf(database.url);
      if (isLost) throw new StartError(`The database at ${place} was lost during the start: start again when it runs.`);
      const refusal = causesOf(error).find((cause) => cause instanceof postgres.PostgresError);
      if (refusal) throw new StartError(`The database at ${place} could not be prepared: ${refusal.message}.`);
      throw error;
    }
  }
}

const BACK_WITHIN_MS = 120_000;

/** Codes of the driver, of the system and of PostgreSQL when it goes down, comes up, or its process died. */
const CONNECTION_LOST = [
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
];

/** An error and what is behind it, outermost first. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
}

function reasonOf(error: unknown): string {
  const code = errnoOf(error) ?? "";
  switch (code) {
    case "ECONNREFUSED":
      return "refuses connections: see that it runs there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "cannot be found: check the host name";
    case "CONNECT_TIMEOUT":
    case "CONNECTION_CLOSED":
    case "ECONNRESET":
    case "EPIPE":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "does not answer: check the address and the firewall";
    case "28P01":
    case "28000":
      return "refuses the user or the password";
    case "3D000":
      return "does not exist: create it first";
    case "53300":
      return "has no free connections";
    default:
      return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Whether these keys are the ones that sealed what the database holds: a new data directory in front of an old database
 * would otherwise run, and fail at the first collection.
 */
export async function assertKeysFit(url: string, secrets: Secrets): Promise<void> {
  const box = secretBoxOf(secrets);
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const samples = await client<{ id: string; type: string; sealed: string; keyId: string; accountKey: string }[]>`
      select distinct on (credentials_key_id) id, type, data_credentials as sealed, credentials_key_id as "keyId",
        account_key as "accountKey"
      from meters order by credentials_key_id, id`;
    const channels = await client<{ id: string; sealed: string; keyId: string }[]>`
      select distinct on (target_key_id) id, target as sealed, target_key_id as "keyId"
      from notification_channels order by target_key_id, id`;
    const devices = await client<{ id: string; sealed: string; keyId: string }[]>`
      select distinct on (device_key_id) id, device_key as sealed, device_key_id as "keyId"
      from devices order by device_key_id, id`;
    for (const { id, sealed, keyId } of devices) openSealed(box, sealed, keyId, deviceKeyContext(id));
    for (const { id, sealed, keyId } of channels) openSealed(box, sealed, keyId, targetContext(id));
    for (const { id, type, sealed, keyId, accountKey } of samples) {
      const credentials = openSealed(box, sealed, keyId, `meters.data_credentials:${id}`);
      const fingerprint = accountKey.slice(accountKey.indexOf(":") + 1);
      if (box.fingerprint(credentials) !== fingerprint) {
        throw new StartError(
          `METERPROOF_FINGERPRINT_KEY is not the one this database was made with (a ${type} meter's account does not match): give the one of the installation that made it.`,
        );
      }
    }
  } finally {
    await client.end({ timeout: 2 });
  }
}

function openSealed(box: SecretBox, sealed: string, keyId: string, context: string): string {
  try {
    return box.open(sealed, context);
  } catch {
    throw new StartError(
      `The database holds credentials sealed with the key ${keyId}, which METERPROOF_SECRET_KEYS (or secrets.json in the data directory) does not have: give the keys of the installation that made them.`,
    );
  }
}
