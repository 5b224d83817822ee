import { S3Client } from "@aws-sdk/client-s3";
import type { GuardedAgents } from "./guarded-agents";

export interface S3ClientOptions {
  region: string;
  /** Absent: Amazon's own. */
  endpoint?: string;
  forcePathStyle?: boolean;
  /** Absent: the SDK's usual chain (environment, profile, role of the machine). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Absent: every address is reached. */
  agents?: GuardedAgents;
  /** Of each call, 1 for none again. */
  attempts: number;
}

/** Failures are told by what the call throws; the SDK's own remarks on standard error say nothing more. */
const silent = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A client of the SDK. `destroy()` would end the agents too, which others may share: it is left alone. */
export function createS3Client({ agents, attempts, ...options }: S3ClientOptions): S3Client {
  return new S3Client({
    ...options,
    maxAttempts: attempts,
    logger: silent,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 60_000,
      ...(agents ? { httpAgent: agents.http, httpsAgent: agents.https } : {}),
    },
  });
}
