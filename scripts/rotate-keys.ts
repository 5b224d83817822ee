import { join } from "node:path";
import { openDatabase } from "../lib/db/client";
import { secretBoxOf } from "../lib/runtime";
import { parseSecretKeys, SecretUnreadable } from "../lib/secrets";
import { startEmbeddedPostgres } from "./postgres";
import { keysInUse, resealCredentials } from "./rotate-keys/reseal-credentials";
import { StartError } from "./start-error";
import { readConfiguration } from "./supervisor/configuration";
import { lockDataDir } from "./supervisor/data-dir-lock";
import { assertKeysFit, prepareDatabase } from "./supervisor/database";
import {
  loadSecrets,
  newSecretKey,
  readSecrets,
  type Secrets,
  secretsFileOf,
  writeSecrets,
} from "./supervisor/secrets-file";
import { say } from "./supervisor/terminal";

// Two ways, by where the keys are. In secrets.json: Meterproof is stopped, a new key is put in front, and all credentials
// are sealed with it. In METERPROOF_SECRET_KEYS: instances may run on, so the new key must first be known to all of them.
const configuration = readConfiguration({ kind: "start", isDev: false }, process.env);
const { dataDir } = configuration;
const isKeyGiven = Boolean(process.env.METERPROOF_SECRET_KEYS?.trim());
const unlock = isKeyGiven && configuration.databaseUrl ? undefined : await lockDataDir(dataDir, 0);
let server: { url: string; stop(): Promise<void> } | undefined;
try {
  const secrets = await loadSecrets(dataDir, process.env);
  if (!configuration.databaseUrl) {
    server = await startEmbeddedPostgres({ dataDir, logFile: join(dataDir, "rotate-keys.log") });
  }
  const databaseUrl = server?.url ?? configuration.databaseUrl ?? "";
  await prepareDatabase(databaseUrl);
  await assertKeysFit(databaseUrl, secrets);
  await rotate(databaseUrl, secrets);
} finally {
  await server?.stop();
  await unlock?.();
}

async function rotate(databaseUrl: string, secrets: Secrets) {
  const database = openDatabase(databaseUrl, { max: 2, applicationName: "meterproof rotate-keys" });
  try {
    const [newest] = parseSecretKeys(secrets.METERPROOF_SECRET_KEYS);
    const inUse = await keysInUse(database);
    // An earlier run that was cut short has brought its key already: go on with that one.
    const isUnfinished = [...inUse.keys()].some((id) => id !== newest?.id);
    let keys = secrets.METERPROOF_SECRET_KEYS;
    if (!isUnfinished) {
      keys = `${newSecretKey()},${keys}`;
      if (isKeyGiven) {
        process.stdout.write(
          `Every credential is sealed with the newest key. To bring a new one, set this for all instances and restart them:\n\n  METERPROOF_SECRET_KEYS=${keys}\n\nThen run this command again with it.\n`,
        );
        return;
      }
      const file = secretsFileOf(dataDir);
      await writeSecrets(file, { ...(await readSecrets(file)), METERPROOF_SECRET_KEYS: keys });
      say("rotate-keys", `a new key was put in front in ${file}`);
    }
    const box = secretBoxOf({ ...secrets, METERPROOF_SECRET_KEYS: keys });
    const count = await resealCredentials({ db: database.db, actor: { kind: "system", name: "rotate-keys" } }, box);
    say("rotate-keys", `${count} credential${count === 1 ? "" : "s"} sealed with the key ${box.currentKeyId}`);
    const old = parseSecretKeys(keys).filter(({ id }) => id !== box.currentKeyId);
    const where = isKeyGiven ? "METERPROOF_SECRET_KEYS" : secretsFileOf(dataDir);
    if (old.length > 0) {
      say(
        "rotate-keys",
        `no credential needs ${old.map(({ id }) => id).join(", ")} any more: it may be removed from ${where}`,
      );
      say("rotate-keys", "keep it with the backups of the database that were made before now");
    }
  } catch (error) {
    if (error instanceof SecretUnreadable) throw new StartError(error.message);
    throw error;
  } finally {
    await database.close();
  }
}
