import { randomBytes } from "node:crypto";
import { open, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { asStartError, errnoOf, StartError } from "../start-error";

/** Names as in the environment. Made on the first start, kept in `secrets.json`, readable by this user only. */
export interface Secrets {
  METERPROOF_SECRET_KEYS: string;
  METERPROOF_FINGERPRINT_KEY: string;
  NEXTAUTH_SECRET: string;
  INNGEST_SIGNING_KEY: string;
  INNGEST_EVENT_KEY: string;
}

const makers: { [Name in keyof Secrets]: () => string } = {
  METERPROOF_SECRET_KEYS: newSecretKey,
  METERPROOF_FINGERPRINT_KEY: () => randomBytes(32).toString("base64"),
  NEXTAUTH_SECRET: () => randomBytes(32).toString("base64url"),
  INNGEST_SIGNING_KEY: () => `signkey-prod-${randomBytes(32).toString("hex")}`,
  INNGEST_EVENT_KEY: () => randomBytes(24).toString("hex"),
};

/** `id:base64`; the id sorts by day and is unique enough to never meet another. */
export function newSecretKey(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return `k${day}-${randomBytes(3).toString("hex")}:${randomBytes(32).toString("base64")}`;
}

export const secretsFileOf = (dataDir: string) => join(dataDir, "secrets.json");

/** The environment's secrets first, then the file's; what neither has is made and written. */
export async function loadSecrets(dataDir: string, env: Record<string, string | undefined>): Promise<Secrets> {
  const file = secretsFileOf(dataDir);
  const kept = await readSecrets(file);
  const complete = { ...kept };
  let isChanged = false;
  const secrets = {} as Secrets;
  for (const [name, make] of Object.entries(makers) as [keyof Secrets, () => string][]) {
    const given = env[name]?.trim();
    if (given) {
      secrets[name] = given;
      continue;
    }
    if (!complete[name]) {
      complete[name] = make();
      isChanged = true;
    }
    secrets[name] = complete[name];
  }
  if (isChanged) await writeSecrets(file, complete);
  return secrets;
}

export async function readSecrets(file: string): Promise<Partial<Secrets>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
    if ((await stat(file)).mode & 0o077) {
      throw new StartError(`${file} can be read by other users: run \`chmod 600 ${file}\`, then start again.`);
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return {};
    throw asStartError(error, file);
  }
  const secrets = parseSecrets(text);
  if (!secrets) {
    throw new StartError(
      `${file} is damaged: put back a copy of it. Without its keys the stored credentials do not open.`,
    );
  }
  return secrets;
}

const secretsFile = z.record(z.string(), z.string().min(1));

/** Undefined for anything but an object of texts: to make new secrets in its place would lose those it held. */
function parseSecrets(text: string): Partial<Secrets> | undefined {
  try {
    return secretsFile.parse(JSON.parse(text));
  } catch {
    // What is wrong with it may repeat a secret: that it is damaged is all there is to say.
    return undefined;
  }
}

/** All or nothing, and on the disk before anything is sealed with a new key. */
export async function writeSecrets(file: string, secrets: Partial<Secrets>): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    const handle = await open(draft, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw asStartError(error, file);
  }
}
