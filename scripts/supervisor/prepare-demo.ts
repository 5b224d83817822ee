import { simulatorAccount } from "../../e2e/simulators/s3/simulator";
import { openDatabase } from "../../lib/db/client";
import { parseEnv } from "../../lib/env";
import { AppError } from "../../lib/errors";
import { seedStarterFactors } from "../../lib/factors/seed-starter-factors";
import { createAddressGuard } from "../../lib/net/address-guard";
import { secretBoxOf } from "../../lib/runtime";
import { seedDemoFiles } from "../../lib/seeds/demo-files";
import { seedDemoFleet } from "../../lib/seeds/demo-fleet";
import { seedDemoMrv } from "../../lib/seeds/demo-mrv";
import { seedDemoSolcast } from "../../lib/seeds/demo-solcast";
import { seedDemoToken } from "../../lib/seeds/demo-tokens";
import { DEMO_PASSWORD, demoUsers, seedDemoUsers } from "../../lib/seeds/demo-users";
import { StartError } from "../start-error";
import { demoMrvSites } from "./demo-devices";
import { demoFileSites, demoSites, demoSolcastSites } from "./demo-sites";
import { DEMO_BUCKET } from "./processes";
import type { Prepared } from "./supervise";

/** The demo: a user for each role, tokens from the environment, and the fleet, each planted once. */
export async function prepareDemo({ env, address, ports }: Prepared): Promise<string[]> {
  const parsed = parseEnv(env);
  const secrets = secretBoxOf(parsed);
  const addresses = createAddressGuard({ allowed: parsed.METERPROOF_ALLOWED_ADDRESSES });
  const database = openDatabase(env.DATABASE_URL ?? "", { max: 4, applicationName: "meterproof demo seed" });
  const ctx = { db: database.db, actor: { kind: "system", name: "demo" }, worker: { secrets, addresses } } as const;
  try {
    await seedStarterFactors(database.db);
    await seedDemoUsers(ctx);
    await plantToken("DEMO_API_TOKEN", "admin");
    await plantToken("DEMO_REVIEWER_TOKEN", "reviewer");
    await seedDemoFleet(ctx, demoSites());
    await seedDemoSolcast(ctx, demoSolcastSites());
    await seedDemoFiles(ctx, demoFileSites(DEMO_BUCKET, ports.s3));
    await seedDemoMrv(ctx, demoMrvSites(ports.guardian));
  } finally {
    await database.close();
  }
  return [
    `  Meterproof's demo is ready: ${address}`,
    "",
    ...demoUsers.map(({ email, roles }) => `  ${roles.join(", ").padEnd(10)} ${email.padEnd(22)} ${DEMO_PASSWORD}`),
    "",
    `  S3 simulator: endpoint http://127.0.0.1:${ports.s3}, bucket ${DEMO_BUCKET}, region us-east-1,`,
    `  key ${simulatorAccount.accessKeyId}, secret ${simulatorAccount.secretAccessKey}`,
    "",
    "  Ctrl-C stops it; the next start goes on where it was.",
  ];

  async function plantToken(variable: "DEMO_API_TOKEN" | "DEMO_REVIEWER_TOKEN", role: "admin" | "reviewer") {
    const text = env[variable]?.trim();
    if (!text) return;
    try {
      await seedDemoToken(ctx, role, text);
    } catch (error) {
      if (error instanceof AppError) throw new StartError(`${variable} cannot be used: ${error.message}`);
      throw error;
    }
  }
}
