import type { Operation } from "./accounts";
import { md5, verifyChecksums } from "./checksums";
import { assertReadable, assertWritable, rangeOf } from "./conditions";
import { listObjects } from "./list-objects";
import { MultipartUploads } from "./multipart";
import { noSuchBucket, noSuchKey, notImplemented, S3Problem } from "./problem";
import { assertBucketName, type Reply, type S3Request } from "./request";
import type { Bucket, SimulatedObject, Store } from "./store";
import { element, parent, root, textsOf } from "./xml";

export interface OperationContext {
  store: Store;
  /** The region the endpoint stands in. */
  region: string;
  now(): number;
  /** False: the object has not arrived yet, although it was put (the fault `lateData`). */
  isVisible(object: SimulatedObject): boolean;
}

const KEPT_HEADERS = /^(x-amz-meta-.+|cache-control|content-disposition|content-language|expires)$/;

/** What each operation does to the store, once the sender is known and allowed. */
export function createOperations({ store, region, now, isVisible }: OperationContext) {
  const uploads = new MultipartUploads();

  function bucketOf(name: string): Bucket {
    const bucket = store.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    if (bucket.region !== region) {
      const message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
      const fields = { Bucket: name, Endpoint: `${name}.s3.${bucket.region}.amazonaws.com` };
      throw new S3Problem(301, "PermanentRedirect", message, fields, { "x-amz-bucket-region": bucket.region });
    }
    return bucket;
  }

  function objectOf({ bucket, key }: S3Request): SimulatedObject {
    const object = bucketOf(bucket).objects.get(key);
    if (!object || !isVisible(object)) throw noSuchKey(key);
    return object;
  }

  async function storeObject(
    request: S3Request,
    bytes: Buffer,
    object: { etag: string; checksums: Record<string, string>; headers: S3Request["headers"] },
  ): Promise<SimulatedObject> {
    const { bucket: name, key } = request;
    const bucket = bucketOf(name);
    const contentEncoding = contentEncodingOf(object.headers);
    const described = {
      key,
      etag: object.etag,
      checksums: object.checksums,
      lastModified: new Date(now()).toISOString(),
      contentType: object.headers["content-type"] ?? "binary/octet-stream",
      headers: { ...keptOf(object.headers), ...(contentEncoding ? { "content-encoding": contentEncoding } : {}) },
    };
    return store.put(bucket, bytes, described, () => assertWritable(request.headers, key, bucket.objects.get(key)));
  }

  const perform: Record<Operation, (request: S3Request) => Promise<Reply>> = {
    async ListBuckets() {
      const buckets = [...store.buckets.values()].map(({ name, createdAt }) =>
        parent("Bucket", [element("Name", name), element("CreationDate", createdAt)]),
      );
      return xml(root("ListAllMyBucketsResult", [parent("Buckets", buckets)]));
    },
    async CreateBucket({ bucket, bytes }) {
      assertBucketName(bucket);
      if (store.buckets.has(bucket)) {
        throw new S3Problem(409, "BucketAlreadyOwnedByYou", "You already own a bucket of this name.");
      }
      await store.createBucket(bucket, textsOf(bytes.toString("utf8"), "LocationConstraint")[0] ?? region);
      return { status: 200, headers: { location: `/${bucket}` } };
    },
    async HeadBucket({ bucket }) {
      return { status: 200, headers: { "x-amz-bucket-region": bucketOf(bucket).region } };
    },
    async GetBucketLocation({ bucket }) {
      const found = store.buckets.get(bucket);
      if (!found) throw noSuchBucket(bucket);
      return xml(root("LocationConstraint", found.region === "us-east-1" ? [] : [found.region]));
    },
    async DeleteBucket({ bucket }) {
      if (bucketOf(bucket).objects.size > 0) {
        throw new S3Problem(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
      }
      await store.deleteBucket(bucket);
      return { status: 204 };
    },
    async ListObjectsV2({ bucket, query }) {
      return xml(listObjects(bucket, [...bucketOf(bucket).objects.values()].filter(isVisible), query));
    },
    async PutObject(request) {
      if (request.headers["x-amz-copy-source"] !== undefined) throw notImplemented("CopyObject");
      const checksums = verifyChecksums(request.headers, request.bytes);
      const etag = md5(request.bytes).toString("hex");
      await storeObject(request, request.bytes, { etag, checksums, headers: request.headers });
      return { status: 200, headers: { etag: `"${etag}"`, ...checksums } };
    },
    async HeadObject(request) {
      const object = objectOf(request);
      assertReadable(request.headers, object);
      return { status: 200, headers: { ...headersOf(object, request), "content-length": String(object.sizeBytes) } };
    },
    async GetObject(request) {
      const object = objectOf(request);
      assertReadable(request.headers, object);
      const bytes = await store.read(bucketOf(request.bucket), object);
      const range = rangeOf(request.headers.range, bytes.length);
      if (!range)
        return { status: 200, headers: headersOf(object, request), body: bytes, contentType: object.contentType };
      const { "content-type": contentType, ...headers } = headersOf(object, request, { isPart: true });
      headers["content-range"] = `bytes ${range.from}-${range.to - 1}/${bytes.length}`;
      return { status: 206, headers, body: bytes.subarray(range.from, range.to), contentType };
    },
    async DeleteObject({ bucket, key }) {
      await store.delete(bucketOf(bucket), key);
      return { status: 204 };
    },
    async CreateMultipartUpload(request) {
      bucketOf(request.bucket);
      const id = element("UploadId", uploads.create(request));
      const { bucket, key } = request;
      return xml(root("InitiateMultipartUploadResult", [element("Bucket", bucket), element("Key", key), id]));
    },
    async UploadPart(request) {
      const { etag, checksums } = uploads.putPart(request);
      return { status: 200, headers: { etag: `"${etag}"`, ...checksums } };
    },
    async CompleteMultipartUpload(request) {
      const { bytes, etag, headers } = uploads.assemble(request);
      await storeObject(request, bytes, { etag, checksums: {}, headers });
      uploads.end(request);
      const { bucket, key } = request;
      return xml(
        root("CompleteMultipartUploadResult", [
          element("Location", `/${bucket}/${key}`),
          element("Bucket", bucket),
          element("Key", key),
          element("ETag", `"${etag}"`),
        ]),
      );
    },
    async AbortMultipartUpload(request) {
      uploads.end(request);
      return { status: 204 };
    },
  };

  return {
    perform: (request: S3Request): Promise<Reply> => perform[request.operation](request),
    forget: () => uploads.clear(),
  };
}

function xml(body: string): Reply {
  return { status: 200, body, contentType: "application/xml" };
}

function headersOf(object: SimulatedObject, request: S3Request, { isPart = false } = {}): Record<string, string> {
  const wantsChecksums = request.headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED" && !isPart;
  return {
    "content-type": object.contentType,
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.lastModified).toUTCString(),
    "accept-ranges": "bytes",
    ...object.headers,
    ...(wantsChecksums ? object.checksums : {}),
  };
}

function keptOf(headers: S3Request["headers"]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT_HEADERS.test(name) && value !== undefined) kept[name] = value;
  }
  return kept;
}

/** `aws-chunked` is the framing of the request, not the object's encoding. */
function contentEncodingOf(headers: S3Request["headers"]): string | undefined {
  const encodings = (headers["content-encoding"] ?? "").split(",").map((each) => each.trim());
  return encodings.filter((each) => each !== "" && each !== "aws-chunked").join(",") || undefined;
}
