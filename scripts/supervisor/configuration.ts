import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { StartError } from "../start-error";

export interface Configuration {
  kind: "demo" | "start";
  /** Next's development server instead of the built application. */
  isDev: boolean;
  port: number;
  /** Loopback unless HOST says otherwise. */
  host: string;
  dataDir: string;
  /** Absent: the embedded PostgreSQL. */
  databaseUrl: string | undefined;
  /** Absent: `archive` in the data directory. */
  archiveUrl: string | undefined;
  /** Absent: the local Inngest server. */
  inngest: { baseUrl: string; signingKey: string; eventKey: string } | undefined;
}

/** Reads what the supervisor needs from the environment. Throws StartError, naming the variable. */
export function readConfiguration(
  command: { kind: "demo" | "start"; isDev: boolean },
  env: Record<string, string | undefined>,
): Configuration {
  const given = (name: string) => env[name]?.trim() || undefined;
  return {
    ...command,
    port: portOf(given("PORT") ?? "3000"),
    host: hostOf(given("HOST") ?? "127.0.0.1"),
    dataDir: dataDirOf(given("METERPROOF_DATA_DIR") ?? ".meterproof"),
    databaseUrl: given("DATABASE_URL"),
    archiveUrl: given("ARCHIVE_URL"),
    inngest: inngestOf(given),
  };
}

/** Nothing can be made below these, and Node's recursive mkdir does not come back from there. */
function dataDirOf(text: string): string {
  const folder = resolve(text);
  if (/^\/(proc|sys)(\/|$)/.test(folder)) {
    throw new StartError(
      `METERPROOF_DATA_DIR is ${folder}, which belongs to the operating system and keeps no files: set it to another folder.`,
    );
  }
  return folder;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`PORT must be a number from 1 to 65535, not "${text}".`);
}

function hostOf(text: string): string {
  if (isIP(text) || /^[A-Za-z0-9.-]+$/.test(text)) return text;
  throw new StartError(`HOST must be an address or name of this machine, not "${text}".`);
}

function inngestOf(given: (name: string) => string | undefined): Configuration["inngest"] {
  const baseUrl = given("INNGEST_BASE_URL");
  if (!baseUrl) return undefined;
  if (!URL.canParse(baseUrl))
    throw new StartError("INNGEST_BASE_URL must be an address such as https://inngest.example.com.");
  const signingKey = given("INNGEST_SIGNING_KEY");
  const eventKey = given("INNGEST_EVENT_KEY");
  if (!signingKey || !eventKey) {
    const missing = signingKey ? "INNGEST_EVENT_KEY" : "INNGEST_SIGNING_KEY";
    throw new StartError(
      `INNGEST_BASE_URL is set but ${missing} is missing: set it to that Inngest's key, or remove INNGEST_BASE_URL to use the local server.`,
    );
  }
  return { baseUrl, signingKey, eventKey };
}

/** The address people open on this machine. */
export function addressOf(configuration: Pick<Configuration, "host" | "port">): string {
  const { host, port } = configuration;
  const isAny = host === "127.0.0.1" || host === "0.0.0.0" || host === "::" || host === "::1" || host === "localhost";
  return `http://${isAny ? "localhost" : isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Where this machine itself reaches the application. */
export function innerAddressOf({ host, port }: Pick<Configuration, "host" | "port">): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

export const logFolderOf = (dataDir: string) => join(dataDir, "logs");
