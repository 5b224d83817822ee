import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ChildSpec } from "./child";
import { addressOf, type Configuration, innerAddressOf, logFolderOf } from "./configuration";
import { DEMO_FLEET } from "./demo-sites";
import type { Secrets } from "./secrets-file";

export const DEMO_BUCKET = "meter-files";

/** The simulators render answers of a megabyte that nobody needs a moment later: V8 would rather grow than collect them. */
const SMALL = ["--max-semi-space-size=1", "--optimize-for-size"];

export const innerPortNames = ["postgres", "inngest", "wattwatchers", "solcast", "s3", "guardian"] as const;
export type InnerPort = (typeof innerPortNames)[number];

interface Plan {
  configuration: Configuration;
  secrets: Secrets;
  ports: Record<InnerPort, number>;
  databaseUrl: string;
  env: NodeJS.ProcessEnv;
}

/** The environment of the application: what was given, and what the embedded services add to it. */
export function appEnvironment({ configuration, secrets, ports, databaseUrl, env }: Plan): NodeJS.ProcessEnv {
  const { inngest, kind, dataDir } = configuration;
  return {
    ...withoutNpm(env),
    ...secrets,
    NODE_ENV: configuration.isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    METERPROOF_MODE: kind,
    DATABASE_URL: databaseUrl,
    ARCHIVE_URL: configuration.archiveUrl ?? pathToFileURL(join(dataDir, "archive")).href,
    INNGEST_BASE_URL: inngest?.baseUrl ?? `http://127.0.0.1:${ports.inngest}`,
    ...(inngest
      ? { INNGEST_SIGNING_KEY: inngest.signingKey, INNGEST_EVENT_KEY: inngest.eventKey }
      : { INNGEST_SERVE_ORIGIN: innerAddressOf(configuration) }),
    // Sign-in works under every name of loopback; for people elsewhere NEXTAUTH_URL says the address.
    ...(env.NEXTAUTH_URL
      ? {}
      : isLoopback(configuration.host)
        ? { AUTH_TRUST_HOST: "true" }
        : { NEXTAUTH_URL: addressOf(configuration) }),
    ...(kind === "demo"
      ? {
          METERPROOF_ALLOWED_ADDRESSES: env.METERPROOF_ALLOWED_ADDRESSES || "127.0.0.0/8,::1,localhost",
          WATTWATCHERS_BASE_URL: env.WATTWATCHERS_BASE_URL || `http://127.0.0.1:${ports.wattwatchers}`,
          SOLCAST_BASE_URL: env.SOLCAST_BASE_URL || `http://127.0.0.1:${ports.solcast}`,
        }
      : {}),
  };
}

const isLoopback = (host: string) => host === "localhost" || host === "::1" || host.startsWith("127.");

/** npm describes the running script to it; the servers are none of its scripts. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("npm_"))) as NodeJS.ProcessEnv;
}

/** What runs beside the supervisor, in the order of starting. */
export function childSpecs(plan: Plan, appEnv: NodeJS.ProcessEnv): ChildSpec[] {
  const { configuration, secrets, ports } = plan;
  const logFolder = logFolderOf(configuration.dataDir);
  const base = withoutNpm(plan.env);
  const typescript = (script: string, ...args: string[]) => ["--import", "tsx", script, ...args];
  const specs: ChildSpec[] = [];
  if (!configuration.inngest) {
    specs.push({
      name: "inngest",
      args: typescript(
        "inngest/local-server/main.ts",
        `--port=${ports.inngest}`,
        `--sdk-url=${innerAddressOf(configuration)}/api/inngest`,
      ),
      env: {
        ...base,
        INNGEST_LOCAL_DATABASE_URL: plan.databaseUrl,
        INNGEST_SIGNING_KEY: secrets.INNGEST_SIGNING_KEY,
        INNGEST_EVENT_KEY: secrets.INNGEST_EVENT_KEY,
      },
      logFolder,
    });
  }
  if (configuration.kind === "demo") {
    specs.push({
      name: "simulators",
      args: [...SMALL, ...typescript("e2e/simulators/main.ts", ...simulators())],
      env: base,
      logFolder,
      graceMs: 3_000,
    });
  }
  specs.push({ name: "app", args: nextArgs(configuration), env: appEnv, logFolder, graceMs: 10_000 });
  return specs;

  function simulators(): string[] {
    return [
      `--seed=${DEMO_FLEET.seed}`,
      ...(plan.env.WATTWATCHERS_BASE_URL
        ? []
        : [`--wattwatchers=${ports.wattwatchers}`, `--devices=${DEMO_FLEET.devices}`]),
      ...(plan.env.SOLCAST_BASE_URL ? [] : [`--solcast=${ports.solcast}`]),
      `--s3=${ports.s3}`,
      // Its objects last like everything else: a meter may collect from a bucket of the demo.
      `--data=${join(configuration.dataDir, "s3")}`,
      `--bucket=${DEMO_BUCKET}`,
      `--guardian=${ports.guardian}`,
    ];
  }
}

function nextArgs({ isDev, port, host }: Configuration): string[] {
  return ["node_modules/next/dist/bin/next", isDev ? "dev" : "start", "--port", String(port), "--hostname", host];
}
