import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The two secrets an app shares with its server. */
export interface Keys {
  signingKey: string;
  eventKey: string;
  /** Where generated keys are kept; null when both came from the environment. */
  file: string | null;
}

/**
 * The keys of the environment; those that are missing there are generated once and kept in a file that only its
 * owner can read. The file is in the form of an env file, so that an app can be given it as it is.
 */
export function loadKeys(dataDir: string, env: Record<string, string | undefined>): Keys {
  const signingKey = env.INNGEST_SIGNING_KEY;
  const eventKey = env.INNGEST_EVENT_KEY;
  if (signingKey && eventKey) return { signingKey, eventKey, file: null };
  const file = join(dataDir, "inngest-local.env");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lines = [
      `INNGEST_SIGNING_KEY=signkey-local-${randomBytes(32).toString("hex")}`,
      `INNGEST_EVENT_KEY=${randomBytes(24).toString("hex")}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx" });
  }
  const kept = new Map(
    readFileSync(file, "utf8")
      .split("\n")
      .map((line): [string, string] => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]),
  );
  const read = (name: string): string => {
    const value = env[name] || kept.get(name);
    if (!value) throw new Error(`${file} does not name ${name}`);
    return value;
  };
  return { signingKey: read("INNGEST_SIGNING_KEY"), eventKey: read("INNGEST_EVENT_KEY"), file };
}
