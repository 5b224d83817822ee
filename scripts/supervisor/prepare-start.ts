import { openDatabase } from "../../lib/db/client";
import { seedStarterFactors } from "../../lib/factors/seed-starter-factors";
import { issueSetupToken } from "../../lib/users/first-admin";
import type { Prepared } from "./supervise";

/** Real use: emission factors to begin with, and the one-time token of the set-up page while nobody can sign in. */
export async function prepareStart({ env, address }: Prepared): Promise<string[]> {
  const database = openDatabase(env.DATABASE_URL ?? "", { max: 2, applicationName: "meterproof start-up" });
  try {
    await seedStarterFactors(database.db);
    const token = await issueSetupToken(database.db);
    const lines = [`  Meterproof is ready: ${address}`];
    if (token) {
      lines.push(
        "",
        "  Nobody can sign in yet. Make the first administrator here (the token works once):",
        `  ${address}/set-up?token=${token}`,
      );
    }
    return lines;
  } finally {
    await database.close();
  }
}
