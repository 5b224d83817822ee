import { createReadStream } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createS3Client } from "../net/s3-client";
import { type S3FailureKind, s3Failure } from "../net/s3-failure";
import { sha256Hex } from "../secrets";
import {
  type Archive,
  ArchiveUnavailable,
  ObjectExists,
  type ObjectKey,
  ObjectNotFound,
  type StoredObject,
} from "./archive";
import { verified, verifiedChunks } from "./checksum";
import { assertKey, assertPrefix } from "./keys";
import { asS3Unavailable } from "./s3-unavailable";
import { withSpooled } from "./spool";

export interface S3ArchiveOptions {
  address: string;
  bucket: string;
  /** Without slashes at its ends; may be empty. */
  prefix: string;
  region: string;
  /** Absent: Amazon's own. */
  endpoint?: string;
  forcePathStyle: boolean;
  /** Absent: the SDK's usual chain (environment, profile, role of the machine). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** S3's limit for one PutObject. */
const MAX_SIZE_BYTES = 5 * 1024 ** 3;
const ATTEMPTS = 4;
/** What a second identical request can heal. The SDK's own retries are off: they cover neither streamed bodies nor 409. */
const HEALS: ReadonlySet<S3FailureKind> = new Set(["conflict", "busy", "server-error", "cut", "timed-out"]);
const CHECK_KEY = "check/probe";
const CHECK_BYTES = Buffer.from("Meterproof writes and reads this object to see whether the archive works.\n");

/**
 * Archive in a bucket of Amazon S3 or of a store with its API. Every write is one PutObject with `If-None-Match: *`, so
 * that it is atomic and never overwrites, and carries its SHA-256, which the store verifies and keeps (as checksum and as
 * metadata `sha256`). A streamed body is spooled to a temporary file first: its hash must be known at the start.
 */
export function createS3Archive(options: S3ArchiveOptions): Archive {
  return new S3Archive(options);
}

class S3Archive implements Archive {
  readonly address: string;
  private readonly client: S3Client;
  private isConditional = false;

  constructor(private readonly options: S3ArchiveOptions) {
    this.address = options.address;
    const { region, endpoint, forcePathStyle, credentials } = options;
    this.client = createS3Client({ region, endpoint, forcePathStyle, credentials, attempts: 1 });
  }

  async put(key: ObjectKey, bytes: Uint8Array, contentType: string) {
    const sha256 = sha256Hex(bytes);
    const body = { sizeBytes: bytes.byteLength, sha256, open: () => bytes };
    return this.store(typeof key === "string" ? key : key(sha256), body, contentType);
  }

  async putStream(key: string, chunks: AsyncIterable<Uint8Array>, contentType: string) {
    assertKey(key);
    try {
      return await withSpooled(chunks, ({ path, ...body }) =>
        this.store(key, { ...body, open: () => createReadStream(path) }, contentType),
      );
    } catch (error) {
      // Errors of the caller's own stream are the caller's.
      throw s3Failure(error).kind === "disk" ? asS3Unavailable(error, this.address) : error;
    }
  }

  async get(key: string, sha256: string): Promise<Uint8Array> {
    const bytes = await this.attempt(key, async () => {
      const answer = await this.client.send(new GetObjectCommand(this.place(key)));
      return answer.Body?.transformToByteArray();
    });
    return verified(key, bytes ?? new Uint8Array(), sha256);
  }

  getStream(key: string, sha256: string): AsyncIterable<Uint8Array> {
    return verifiedChunks(key, this.read(key), sha256);
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; sizeBytes: number }> {
    assertPrefix(prefix);
    const above = this.options.prefix === "" ? "" : `${this.options.prefix}/`;
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.options.bucket,
        Prefix: above + prefix,
        ContinuationToken,
      });
      const page = await this.attempt(prefix, () => this.client.send(command));
      // The SDK reads a proxy's HTML page as an empty list.
      if (page.Name === undefined) throw this.notS3();
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key.slice(above.length), sizeBytes: Size ?? 0 };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  /** Also finds stores that ignore `If-None-Match`: they would overwrite what must never change. */
  async check(): Promise<void> {
    await this.put(CHECK_KEY, CHECK_BYTES, "text/plain");
    await this.get(CHECK_KEY, sha256Hex(CHECK_BYTES));
    if (this.isConditional) return;
    const isRefused = await this.put(CHECK_KEY, Buffer.from("Not to be written.\n"), "text/plain").then(
      () => false,
      (error) => error instanceof ObjectExists || Promise.reject(error),
    );
    if (!isRefused) {
      throw new ArchiveUnavailable(
        `The archive ${this.address} overwrites objects although it is asked not to (If-None-Match: *): use a store that ` +
          `honours conditional writes, and delete the object ${CHECK_KEY}.`,
      );
    }
    this.isConditional = true;
  }

  private async store(
    key: string,
    body: { sizeBytes: number; sha256: string; open: () => Uint8Array | NodeJS.ReadableStream },
    contentType: string,
  ): Promise<StoredObject & { isNew: boolean }> {
    assertKey(key);
    const { sizeBytes, sha256 } = body;
    if (sizeBytes > MAX_SIZE_BYTES) {
      throw new ArchiveUnavailable(`${key} has ${sizeBytes} bytes; an object in S3 may have ${MAX_SIZE_BYTES}.`);
    }
    const isNew = await this.attempt(key, async () => {
      const command = new PutObjectCommand({
        ...this.place(key),
        Body: body.open() as Uint8Array,
        ContentLength: sizeBytes,
        ContentType: contentType,
        ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
        Metadata: { sha256 },
        IfNoneMatch: "*",
      });
      return this.client.send(command).then(
        ({ ETag }) => ETag !== undefined || Promise.reject(this.notS3()),
        (error) => {
          if (s3Failure(error).kind === "precondition-failed") return false;
          throw error;
        },
      );
    });
    if (!isNew && (await this.storedSha256(key)) !== sha256) {
      throw new ObjectExists(`The archive already holds other bytes under ${key}; objects never change.`);
    }
    return { key, sizeBytes, sha256, isNew };
  }

  private async storedSha256(key: string): Promise<string | undefined> {
    const head = await this.attempt(key, () => this.client.send(new HeadObjectCommand(this.place(key))));
    return head.Metadata?.sha256;
  }

  private async *read(key: string): AsyncGenerator<Uint8Array> {
    const answer = await this.attempt(key, () => this.client.send(new GetObjectCommand(this.place(key))));
    try {
      if (answer.Body) yield* answer.Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw asS3Unavailable(error, this.address);
    }
  }

  private async attempt<T>(key: string, request: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request();
      } catch (error) {
        const { kind } = s3Failure(error);
        if (HEALS.has(kind) && attempt < ATTEMPTS) {
          await pause(100 * 2 ** attempt * (0.5 + Math.random()));
          continue;
        }
        if (kind === "no-such-object") {
          throw new ObjectNotFound(`The archive holds no object ${key}.`, { cause: error });
        }
        throw asS3Unavailable(error, this.address);
      }
    }
  }

  /** An answer with status 200 that S3 cannot have given: nothing is believed of it. */
  private notS3(): ArchiveUnavailable {
    return new ArchiveUnavailable(
      `The archive ${this.address} answers with something that is not S3: check \`endpoint=\` in ARCHIVE_URL, and whether a ` +
        "proxy stands in between.",
    );
  }

  private place(key: string): { Bucket: string; Key: string } {
    assertKey(key);
    const { bucket, prefix } = this.options;
    return { Bucket: bucket, Key: prefix === "" ? key : `${prefix}/${key}` };
  }
}
