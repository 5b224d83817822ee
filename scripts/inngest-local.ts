import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startLocalServer } from "../inngest/local-server/index";
import { loadKeys } from "../inngest/local-server/keys";

/** Starts the local Inngest server alone, for any Inngest app. */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8288" },
    "sdk-url": { type: "string", multiple: true, default: [] },
    data: { type: "string" },
    database: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(
    "npm run inngest:local -- --port 8288 --sdk-url http://127.0.0.1:3000/api/inngest [--data DIR] [--database URL]\n",
  );
  process.exit(0);
}

const dataDir = resolve(values.data ?? process.env.INNGEST_LOCAL_DATA_DIR ?? join(homedir(), ".inngest-local"));
const keys = loadKeys(dataDir, process.env);
const postgres = values.database ? undefined : await startPostgres();

async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  // Loaded only when needed: with a database of its own, the server wants nothing of the embedded one.
  const { startEmbeddedPostgres } = await import("./postgres");
  return startEmbeddedPostgres({ dataDir });
}

const server = await startLocalServer({
  databaseUrl: values.database ?? postgres?.url ?? "",
  port: Number(values.port),
  sdkUrls: values["sdk-url"],
  signingKey: keys.signingKey,
  eventKey: keys.eventKey,
});
process.stdout.write(`The local Inngest server listens at ${server.url}\n`);
process.stdout.write(
  keys.file
    ? `Its keys are in ${keys.file}; give the app the same INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY, and INNGEST_BASE_URL=${server.url}\n`
    : `Its keys are those of the environment; give the app INNGEST_BASE_URL=${server.url}\n`,
);

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await server.close();
  await postgres?.stop();
  process.exit(0);
}
process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
