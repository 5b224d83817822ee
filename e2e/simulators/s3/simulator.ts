import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Control, createControl, type Fault, giveFault } from "../control";
import { assertAllowed, type S3Account } from "./accounts";
import { md5 } from "./checksums";
import { createOperations } from "./operations";
import { S3Problem } from "./problem";
import { operationOf, placeOf, type Reply, type S3Request } from "./request";
import { decodeBody } from "./request-body";
import { verifySignature } from "./signature";
import { Store } from "./store";

export type { S3Account } from "./accounts";

export interface S3SimulatorOptions {
  /** 0: any free port. */
  port: number;
  seed?: number;
  /** Kept there and read at the next start; absent: in memory. */
  dataDir?: string;
  /** Absent: `simulatorAccount`. */
  accounts?: readonly S3Account[];
  /** The region the endpoint stands in; requests for others are refused. */
  region?: string;
  /** Created at the start where they are not there yet. */
  buckets?: readonly string[];
  /** Milliseconds; for tests. */
  now?: () => number;
}

export interface S3Simulator {
  /** Without a slash at its end; path style. */
  url: string;
  region: string;
  accounts: readonly S3Account[];
  control: Control;
  /** Puts an object past all checks, with a date in the past if wanted. */
  seedObject(bucket: string, key: string, bytes: Uint8Array | string, lastModified?: Date): Promise<void>;
  /** When an object was put, milliseconds; undefined: it is not there. */
  putAt(bucket: string, key: string): number | undefined;
  close(): Promise<void>;
}

export const simulatorAccount = { accessKeyId: "AKIASIMULATOR0000001", secretAccessKey: "simulated/secret+key" };

const MAX_BODY_BYTES = 1024 ** 3;

/**
 * The S3 API as its reference says, on loopback: signatures, checksums, conditions and limits are verified, what it does not
 * offer is refused with NotImplemented. Faults as at every simulator, where 429 is S3's `503 SlowDown`; `lateData` hides
 * objects (by key) that were put after the late spell began; `changedHistory` has no meaning here.
 */
export async function startS3Simulator(options: S3SimulatorOptions): Promise<S3Simulator> {
  const now = options.now ?? Date.now;
  const region = options.region ?? "us-east-1";
  const accounts = options.accounts ?? [simulatorAccount];
  const verifier = { accounts: new Map(accounts.map((account) => [account.accessKeyId, account])), region };
  const store = await Store.open(options.dataDir);
  for (const bucket of options.buckets ?? []) {
    if (!store.buckets.has(bucket)) await store.createBucket(bucket, region);
  }
  const control = createControl({ seed: options.seed ?? 1, now, onReset: () => operations.forget() });
  const operations = createOperations({
    store,
    region,
    now,
    isVisible({ key, lastModified }) {
      const at = now();
      const until = control.availableUntil(key, at);
      return until === at || Date.parse(lastModified) <= until;
    },
  });

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      console.error("The S3 simulator failed:", error);
      res.destroy();
    });
  });
  // Large uploads over slow test machines: a cut of our own making would look like the client's.
  server.requestTimeout = 0;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (await control.handle(req, res)) return;
    const [rawPath = "/", search = ""] = (req.url ?? "/").split("?", 2);
    let operation = "Unknown";
    res.once("close", () => control.countRequest(operation, res.statusCode));
    const fault = control.nextFault(rawPath);
    try {
      const raw = await readBody(req);
      const query = new URLSearchParams(search);
      const headers = headersOf(req);
      const { bucket, key } = placeOf(rawPath, headers.host ?? "");
      const method = req.method ?? "GET";
      const known = operationOf(method, bucket, key, query);
      operation = known;
      const verified = verifySignature({ method, rawPath, query, headers }, { ...verifier, now: now() });
      const { bytes, trailers } = decodeBody(raw, headers, verified);
      assertAllowed(verified.account, known, bucket);
      throwFault(fault);
      const request: S3Request = {
        ...{ method, rawPath, query, bucket, key, bytes, operation: known },
        headers: { ...headers, ...trailers },
      };
      await send(res, method, await operations.perform(request), fault);
    } catch (error) {
      if (!(error instanceof S3Problem)) throw error;
      const { status, headers } = error;
      const hasBody = req.method !== "HEAD" && status !== 304;
      const body = hasBody ? error.body(rawPath) : undefined;
      await send(res, req.method ?? "GET", { status, headers, body, contentType: "application/xml" }, undefined);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    accounts,
    control,
    async seedObject(bucketName, key, content, lastModified = new Date(now())) {
      const bucket = store.buckets.get(bucketName);
      if (!bucket) throw new Error(`The simulator has no bucket ${bucketName}.`);
      const bytes = Buffer.from(content);
      const described = { key, etag: md5(bytes).toString("hex"), lastModified: lastModified.toISOString() };
      const plain = { contentType: "binary/octet-stream", headers: {}, checksums: {} };
      await store.put(bucket, bytes, { ...described, ...plain }, () => undefined);
    },
    putAt(bucketName, key) {
      const object = store.buckets.get(bucketName)?.objects.get(key);
      return object && Date.parse(object.lastModified);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(res: ServerResponse, method: string, reply: Reply, fault: Fault | undefined): Promise<void> {
  const bytes = Buffer.from(reply.body ?? "");
  const contentType = reply.contentType ?? "application/xml";
  const isCut = fault?.kind === "cutBody" && bytes.length > 0;
  if (!isCut && (await giveFault(fault, res, { bytes, contentType }))) return;
  const headers: Record<string, string> = {
    "x-amz-request-id": randomUUID(),
    server: "S3Simulator",
    ...(reply.body === undefined ? {} : { "content-type": contentType }),
    ...(method === "HEAD" || reply.status === 204 || reply.status === 304
      ? {}
      : { "content-length": String(bytes.length) }),
    ...reply.headers,
  };
  if (!isCut) {
    res.writeHead(reply.status, headers).end(bytes);
    return;
  }
  // With the headers of the whole, unlike the shared fault: ETag and checksums are what a client can notice it by.
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (fault.isAborted) res.writeHead(reply.status, headers).write(half, () => res.destroy());
  else res.writeHead(reply.status, { ...headers, "content-length": String(half.length) }).end(half);
}

function throwFault(fault: Fault | undefined): void {
  if (fault?.kind === "429") {
    throw new S3Problem(
      503,
      "SlowDown",
      "Please reduce your request rate.",
      {},
      fault.hasHeaders ? { "retry-after": "1" } : {},
    );
  }
  if (fault?.kind === "500") {
    throw new S3Problem(500, "InternalError", "We encountered an internal error. Please try again.");
  }
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const needsLength = req.method === "PUT" && req.headers["content-length"] === undefined;
  if (needsLength && req.headers["x-amz-decoded-content-length"] === undefined && req.headers["transfer-encoding"]) {
    req.resume();
    throw new S3Problem(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new S3Problem(400, "EntityTooLarge", "The simulator takes up to 1 GiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(req: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
}
