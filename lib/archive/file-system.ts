import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, open, readdir, readFile, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
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
import { DurableDirectories } from "./durable-directories";
import { asFileSystemFailure } from "./file-system-failure";
import { assertKey, assertPrefix } from "./keys";

/** A temporary file nobody has written to for so long belongs to a process that died. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
const READ_CHUNK_BYTES = 256 * 1024;

/**
 * Archive in a directory of this machine or of a shared mount: objects under `objects/`, unfinished ones under
 * `incoming/`.
 *
 * Durability: when `put` returns, the object survives a power cut, because the database row that names it may commit
 * next. Bytes are written to a temporary file and fsynced, linked to their name (which fails where the name exists, where
 * a rename would overwrite), and the name's directory is fsynced. Nothing is left out: without the second fsync the name
 * can be lost on file systems that do not log both together. Concurrent writers share directory fsyncs.
 */
export function createFileSystemArchive(root: string): Archive {
  return new FileSystemArchive(root);
}

class FileSystemArchive implements Archive {
  readonly address: string;
  private readonly objects: string;
  private readonly incoming: string;
  private readonly directories: DurableDirectories;
  private prepared: Promise<void> | undefined;

  constructor(private readonly root: string) {
    this.address = pathToFileURL(root).href;
    this.objects = join(root, "objects");
    this.incoming = join(root, "incoming");
    this.directories = new DurableDirectories(root);
  }

  async put(key: ObjectKey, bytes: Uint8Array, _contentType: string) {
    const sha256 = sha256Hex(bytes);
    return this.store(typeof key === "string" ? key : key(sha256), async (file) => {
      await file.writeFile(bytes);
      return { sizeBytes: bytes.byteLength, sha256 };
    });
  }

  async putStream(key: string, chunks: AsyncIterable<Uint8Array>, _contentType: string) {
    let ofCaller: { error: unknown } | undefined;
    async function* watched() {
      try {
        yield* chunks;
      } catch (error) {
        ofCaller = { error };
        throw error;
      }
    }
    try {
      return await this.store(key, async (file) => {
        const hash = createHash("sha256");
        let sizeBytes = 0;
        for await (const chunk of watched()) {
          hash.update(chunk);
          sizeBytes += chunk.byteLength;
          await file.writeFile(chunk);
        }
        return { sizeBytes, sha256: hash.digest("hex") };
      });
    } catch (error) {
      // Errors of the caller's own stream are the caller's, whatever codes they carry.
      throw ofCaller ? ofCaller.error : error;
    }
  }

  async get(key: string, sha256: string): Promise<Uint8Array> {
    const path = this.pathOf(key);
    const bytes = await readFile(path).catch((error) => this.failRead(key, error));
    return verified(key, bytes, sha256);
  }

  getStream(key: string, sha256: string): AsyncIterable<Uint8Array> {
    return verifiedChunks(key, this.read(key), sha256);
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; sizeBytes: number }> {
    assertPrefix(prefix);
    await this.prepare().catch((error) => Promise.reject(asFileSystemFailure(error, this.root)));
    yield* this.walk(prefix.slice(0, prefix.lastIndexOf("/") + 1), prefix);
  }

  async check(): Promise<void> {
    const bytes = Buffer.from("Meterproof writes and reads this file to see whether the archive works.\n");
    const probe = join(this.incoming, `check-${randomUUID()}`);
    try {
      await this.prepare();
      const file = await open(probe, "wx");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      const found = await readFile(probe);
      await unlink(probe);
      await readdir(this.objects);
      if (!bytes.equals(found)) {
        throw new ArchiveUnavailable(`The archive at ${this.root} gave back other bytes than were written.`);
      }
    } catch (error) {
      throw asFileSystemFailure(error, this.root);
    }
  }

  private async store(
    key: string,
    write: (file: Awaited<ReturnType<typeof open>>) => Promise<{ sizeBytes: number; sha256: string }>,
  ): Promise<StoredObject & { isNew: boolean }> {
    const path = this.pathOf(key);
    const temporary = join(this.incoming, randomUUID());
    try {
      await this.prepare();
      const file = await open(temporary, "wx");
      let written: { sizeBytes: number; sha256: string };
      try {
        try {
          written = await write(file);
          await file.sync();
        } finally {
          await file.close();
        }
        const isNew = await this.giveName(temporary, path);
        if (!isNew) await this.assertSame(key, path, written.sha256);
        return { key, ...written, isNew };
      } finally {
        await unlink(temporary);
      }
    } catch (error) {
      throw asFileSystemFailure(error, this.root);
    }
  }

  /** False: the name was taken. Durable in both cases. */
  private async giveName(temporary: string, path: string): Promise<boolean> {
    const directory = dirname(path);
    const tryLink = async () => {
      await this.directories.ensure(directory);
      return link(temporary, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
    };
    const isNew = await tryLink().catch((error) => {
      if (!isMissing(error)) throw error;
      this.directories.forget(directory);
      return tryLink();
    });
    await this.directories.sync(directory);
    return isNew;
  }

  private async assertSame(key: string, path: string, sha256: string): Promise<void> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) hash.update(chunk);
    if (hash.digest("hex") !== sha256) {
      throw new ObjectExists(`The archive already holds other bytes under ${key}; objects never change.`);
    }
  }

  /**
   * Once for each process: the directories, and the temporary files of processes that died. Directories that vanish
   * later are not made again: an unmounted disk must not turn into an empty archive on the disk below it.
   */
  private prepare(): Promise<void> {
    this.prepared ??= this.makeDirectories().catch((error) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  private async makeDirectories(): Promise<void> {
    await Promise.all([this.directories.ensure(this.objects), this.directories.ensure(this.incoming)]);
    const before = Date.now() - ABANDONED_AFTER_MS;
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      try {
        if ((await stat(path)).mtimeMs < before) await unlink(path);
      } catch (error) {
        if (!isMissing(error)) throw error; // its writer was faster
      }
    }
  }

  private async *read(key: string): AsyncGenerator<Uint8Array> {
    const path = this.pathOf(key);
    try {
      yield* createReadStream(path, { highWaterMark: READ_CHUNK_BYTES });
    } catch (error) {
      await this.failRead(key, error);
    }
  }

  private async failRead(key: string, error: unknown): Promise<never> {
    const isRootThere = isMissing(error) && (await stat(this.objects).catch(() => undefined));
    if (isRootThere) throw new ObjectNotFound(`The archive holds no object ${key}.`, { cause: error });
    throw asFileSystemFailure(error, this.root);
  }

  /** Depth first, in the order of whole keys (as S3 lists): a directory sorts as its name with the slash. */
  private async *walk(directory: string, prefix: string): AsyncGenerator<{ key: string; sizeBytes: number }> {
    const entries = await readdir(join(this.objects, directory), { withFileTypes: true }).catch((error) => {
      if (isMissing(error) && directory !== "") return [];
      throw asFileSystemFailure(error, this.root);
    });
    const names = entries.map((entry) => directory + entry.name + (entry.isDirectory() ? "/" : ""));
    for (const name of names.sort()) {
      if (!name.startsWith(prefix)) continue;
      if (name.endsWith("/")) yield* this.walk(name, prefix);
      else yield { key: name, sizeBytes: (await stat(join(this.objects, name))).size };
    }
  }

  private pathOf(key: string): string {
    assertKey(key);
    return join(this.objects, key);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
