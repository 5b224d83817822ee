import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const objectSchema = z.object({
  key: z.string(),
  /** Of the file with its bytes. */
  bodyId: z.string(),
  /** Without quotation marks. */
  etag: z.string(),
  sizeBytes: z.number(),
  lastModified: z.iso.datetime(),
  contentType: z.string(),
  /** Headers that are given back as they came: `cache-control`, `x-amz-meta-…`. */
  headers: z.record(z.string(), z.string()),
  /** By header name. */
  checksums: z.record(z.string(), z.string()),
});
export type SimulatedObject = z.infer<typeof objectSchema>;
export type NewObject = Omit<SimulatedObject, "bodyId" | "sizeBytes">;

const bucketSchema = z.object({ name: z.string(), region: z.string(), createdAt: z.iso.datetime() });
export type BucketDescription = z.infer<typeof bucketSchema>;

export interface Bucket extends BucketDescription {
  objects: Map<string, SimulatedObject>;
}

/**
 * Buckets and objects: in memory, or also in a directory, from which the next start reads them. Every object is two files,
 * written so that a killed process leaves the old object or the new one.
 */
export class Store {
  readonly buckets = new Map<string, Bucket>();
  private readonly bodies = new Map<string, Buffer>();

  private constructor(private readonly directory: string | undefined) {}

  static async open(directory: string | undefined): Promise<Store> {
    const store = new Store(directory);
    if (directory !== undefined) await store.load(directory);
    return store;
  }

  async createBucket(name: string, region: string): Promise<void> {
    const bucket = { name, region, createdAt: new Date().toISOString() };
    this.buckets.set(name, { ...bucket, objects: new Map() });
    if (this.directory === undefined) return;
    await mkdir(join(this.directory, name, "bodies"), { recursive: true });
    await mkdir(join(this.directory, name, "objects"), { recursive: true });
    await replaceFile(join(this.directory, name, "bucket.json"), JSON.stringify(bucket));
  }

  async deleteBucket(name: string): Promise<void> {
    this.buckets.delete(name);
    if (this.directory !== undefined) await rm(join(this.directory, name), { recursive: true });
  }

  /** `assertPossible` is called in the same tick in which the object appears, so that conditions on what is there hold. */
  async put(bucket: Bucket, bytes: Buffer, object: NewObject, assertPossible: () => void): Promise<SimulatedObject> {
    const stored: SimulatedObject = { ...object, bodyId: randomUUID(), sizeBytes: bytes.length };
    if (this.directory === undefined) this.bodies.set(stored.bodyId, bytes);
    else await writeFile(this.bodyPath(this.directory, bucket, stored), bytes);
    const replaced = bucket.objects.get(stored.key);
    try {
      assertPossible();
    } catch (error) {
      await this.dropBody(bucket, stored);
      throw error;
    }
    bucket.objects.set(stored.key, stored);
    if (this.directory !== undefined) {
      await replaceFile(this.objectPath(this.directory, bucket, stored.key), JSON.stringify(stored));
    }
    if (replaced) await this.dropBody(bucket, replaced);
    return stored;
  }

  async delete(bucket: Bucket, key: string): Promise<void> {
    const object = bucket.objects.get(key);
    if (!object) return;
    bucket.objects.delete(key);
    if (this.directory !== undefined) await rm(this.objectPath(this.directory, bucket, key));
    await this.dropBody(bucket, object);
  }

  async read(bucket: Bucket, object: SimulatedObject): Promise<Buffer> {
    if (this.directory !== undefined) return readFile(this.bodyPath(this.directory, bucket, object));
    const bytes = this.bodies.get(object.bodyId);
    if (!bytes) throw new Error(`The bytes of ${object.key} are gone.`);
    return bytes;
  }

  private async dropBody(bucket: Bucket, object: SimulatedObject): Promise<void> {
    this.bodies.delete(object.bodyId);
    if (this.directory !== undefined) await rm(this.bodyPath(this.directory, bucket, object), { force: true });
  }

  private bodyPath(directory: string, bucket: Bucket, object: SimulatedObject): string {
    return join(directory, bucket.name, "bodies", object.bodyId);
  }

  /** Keys may be longer than file names and hold any character. */
  private objectPath(directory: string, bucket: Bucket, key: string): string {
    return join(directory, bucket.name, "objects", `${createHash("sha256").update(key).digest("hex")}.json`);
  }

  private async load(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      const bucketFile = join(directory, name, "bucket.json");
      const bucket = bucketSchema.parse(JSON.parse(await readFile(bucketFile, "utf8")));
      const objects = new Map<string, SimulatedObject>();
      for (const file of await readdir(join(directory, name, "objects"))) {
        if (!file.endsWith(".json")) continue;
        const text = await readFile(join(directory, name, "objects", file), "utf8");
        const object = objectSchema.parse(JSON.parse(text));
        objects.set(object.key, object);
      }
      this.buckets.set(name, { ...bucket, objects });
    }
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, "wx");
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
