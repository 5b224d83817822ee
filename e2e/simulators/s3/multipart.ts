import { randomUUID } from "node:crypto";
import { md5, verifyChecksums } from "./checksums";
import { S3Problem } from "./problem";
import { requiredNumber, type S3Request } from "./request";
import { partsOf, textsOf } from "./xml";

const MIN_PART_BYTES = 5 * 1024 * 1024;

interface Part {
  etag: string;
  bytes: Buffer;
}

interface Upload {
  bucket: string;
  key: string;
  /** Of the request that began it: they become the object's. */
  headers: Record<string, string | undefined>;
  parts: Map<number, Part>;
}

/** Uploads in parts, until they are completed or aborted. In memory also where objects are kept on disk. */
export class MultipartUploads {
  private readonly uploads = new Map<string, Upload>();

  create({ bucket, key, headers }: S3Request): string {
    const uploadId = randomUUID();
    this.uploads.set(uploadId, { bucket, key, headers, parts: new Map() });
    return uploadId;
  }

  putPart(request: S3Request): { etag: string; checksums: Record<string, string> } {
    const upload = this.uploadOf(request);
    const number = requiredNumber(request.query, "partNumber", 1, 10_000);
    const checksums = verifyChecksums(request.headers, request.bytes);
    const etag = md5(request.bytes).toString("hex");
    upload.parts.set(number, { etag, bytes: request.bytes });
    return { etag, checksums };
  }

  /** The object that the named parts make; the upload lives on until `end`, as a failed condition does not end it. */
  assemble(request: S3Request): { bytes: Buffer; etag: string; headers: Upload["headers"] } {
    const upload = this.uploadOf(request);
    const named = partsOf(request.bytes.toString("utf8"), "Part").map((part) => ({
      number: Number(textsOf(part, "PartNumber")[0]),
      etag: textsOf(part, "ETag")[0]?.replaceAll('"', ""),
    }));
    if (named.length === 0) throw new S3Problem(400, "MalformedXML", "You must specify at least one part");
    const parts = named.map(({ number, etag }, index) => {
      const part = upload.parts.get(number);
      if (!part || part.etag !== etag) {
        throw new S3Problem(400, "InvalidPart", "One or more of the specified parts could not be found.");
      }
      if (index > 0 && number <= (named[index - 1]?.number ?? 0)) {
        throw new S3Problem(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
      }
      if (index < named.length - 1 && part.bytes.length < MIN_PART_BYTES) {
        throw new S3Problem(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
      }
      return part;
    });
    const hashes = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
    return {
      bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
      etag: `${md5(hashes).toString("hex")}-${parts.length}`,
      headers: upload.headers,
    };
  }

  end(request: S3Request): void {
    this.uploadOf(request);
    this.uploads.delete(request.query.get("uploadId") ?? "");
  }

  clear(): void {
    this.uploads.clear();
  }

  private uploadOf({ query, bucket, key }: S3Request): Upload {
    const upload = this.uploads.get(query.get("uploadId") ?? "");
    if (!upload || upload.bucket !== bucket || upload.key !== key) {
      throw new S3Problem(404, "NoSuchUpload", "The specified multipart upload does not exist.");
    }
    return upload;
  }
}
