import { createHash, createHmac } from "node:crypto";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { S3Simulator } from "./simulator";

/** The real SDK's client of a simulator, with its first account unless told otherwise; it tries once. */
export function clientOf(simulator: S3Simulator, config: S3ClientConfig = {}): S3Client {
  const [account] = simulator.accounts;
  if (!account) throw new Error("The simulator has no account.");
  const { accessKeyId, secretAccessKey, sessionToken } = account;
  return new S3Client({
    endpoint: simulator.url,
    region: simulator.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
    ...config,
  });
}

const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/**
 * A PUT with signed chunks and a signed trailer, built independently of the simulator's code: the SDK for JavaScript never
 * sends one, other clients do.
 */
export async function putSignedChunks(
  simulator: S3Simulator,
  path: string,
  chunks: Buffer[],
  options: { trailer?: [name: string, value: string]; spoil?: (body: string) => string } = {},
): Promise<Response> {
  const [account] = simulator.accounts;
  if (!account) throw new Error("The simulator has no account.");
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${timestamp.slice(0, 8)}/${simulator.region}/s3/aws4_request`;
  const key = scope
    .split("/")
    .reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${account.secretAccessKey}`);
  const { trailer } = options;
  const headers: Record<string, string> = {
    "content-encoding": "aws-chunked",
    host: new URL(simulator.url).host,
    "x-amz-content-sha256": `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? "-TRAILER" : ""}`,
    "x-amz-date": timestamp,
    "x-amz-decoded-content-length": String(chunks.reduce((sum, chunk) => sum + chunk.length, 0)),
    ...(trailer ? { "x-amz-trailer": trailer[0] } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    "PUT",
    path,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"],
  ].join("\n");
  const sign = (text: string[]) => hmac(key as string, text.join("\n")).toString("hex");
  let signature = sign(["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)]);
  const credential = `Credential=${account.accessKeyId}/${scope}`;
  headers.authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  let body = "";
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    signature = sign(["AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope, signature, sha256(""), sha256(chunk)]);
    body += `${chunk.length.toString(16)};chunk-signature=${signature}\r\n`;
    if (chunk.length > 0) body += `${chunk.toString("latin1")}\r\n`;
  }
  if (trailer) {
    const line = `${trailer[0]}:${trailer[1]}\n`;
    signature = sign(["AWS4-HMAC-SHA256-TRAILER", timestamp, scope, signature, sha256(line)]);
    body += `${line.trim()}\r\nx-amz-trailer-signature:${signature}\r\n`;
  }
  const bytes = Buffer.from(options.spoil ? options.spoil(`${body}\r\n`) : `${body}\r\n`, "latin1");
  const { host: _host, ...sent } = headers;
  return fetch(simulator.url + path, { method: "PUT", headers: sent, body: bytes });
}
