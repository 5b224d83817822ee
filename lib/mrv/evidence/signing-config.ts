import { eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { mrvSigningConfigs } from "../../db/schema";
import type { JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import { sha256Hex } from "../../secrets";

/** What is public of a device, and the JSON schema of its subject: both in the policy's order of members, which is signed. */
export interface SigningConfig {
  config: MrvConfig;
  subjectSchema: JsonObject | null;
}

/** Keeps what a record is signed with, in the caller's transaction. Returns what the record's `signedWith` names. */
export async function keepSigningConfig(tx: Db, { config, subjectSchema }: SigningConfig): Promise<string> {
  const sha256 = sha256Hex(JSON.stringify([config, subjectSchema]));
  await tx.insert(mrvSigningConfigs).values({ sha256, config, subjectSchema }).onConflictDoNothing();
  return sha256;
}

/** Null: none is kept under this name. */
export async function readSigningConfig(db: Db, sha256: string): Promise<SigningConfig | null> {
  const [row] = await db.select().from(mrvSigningConfigs).where(eq(mrvSigningConfigs.sha256, sha256));
  return row ? { config: row.config, subjectSchema: row.subjectSchema } : null;
}
