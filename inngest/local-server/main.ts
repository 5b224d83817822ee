import { parseArgs } from "node:util";
import { startLocalServer } from "./index";

/**
 * The server as a process of its own. Arguments: --port, --database, --sdk-url (repeatable). Secrets come by the
 * environment only (INNGEST_SIGNING_KEY, INNGEST_EVENT_KEY), since arguments can be read by everyone on the machine;
 * the database's URL may too (INNGEST_LOCAL_DATABASE_URL).
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8288" },
    database: { type: "string" },
    "sdk-url": { type: "string", multiple: true, default: [] },
  },
});

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const numbers = (text: string | undefined): number[] | undefined => text?.split(",").map(Number);
const [leaseMs] = numbers(process.env.INNGEST_LOCAL_LEASE_MS) ?? [];
const [syncIntervalMs] = numbers(process.env.INNGEST_LOCAL_SYNC_INTERVAL_MS) ?? [];
const backoffMs = numbers(process.env.INNGEST_LOCAL_BACKOFF_MS);

const server = await startLocalServer({
  databaseUrl: values.database ?? required("INNGEST_LOCAL_DATABASE_URL"),
  port: Number(values.port),
  signingKey: required("INNGEST_SIGNING_KEY"),
  eventKey: required("INNGEST_EVENT_KEY"),
  sdkUrls: values["sdk-url"],
  ...(leaseMs ? { leaseMs } : {}),
  ...(syncIntervalMs ? { syncIntervalMs } : {}),
  ...(backoffMs ? { backoffMs } : {}),
  allowSecondsInCron: process.env.INNGEST_LOCAL_CRON_SECONDS === "true",
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  server.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
}
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
