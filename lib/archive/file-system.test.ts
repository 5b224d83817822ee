import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Hex } from "../secrets";
import { ArchiveUnavailable, ChecksumMismatch } from "./archive";
import { createFileSystemArchive } from "./file-system";
import { asFileSystemFailure } from "./file-system-failure";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "archive-test-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("the file system archive", () => {
  it("leaves no temporary file behind, whatever became of the write", async () => {
    const archive = createFileSystemArchive(directory);
    await archive.put("a/b", Buffer.from("one"), "text/plain");
    await archive.put("a/b", Buffer.from("one"), "text/plain");
    await expect(archive.put("a/b", Buffer.from("two"), "text/plain")).rejects.toThrow();
    await archive.check();
    expect(await readdir(join(directory, "incoming"))).toEqual([]);
  });

  it("shows nothing of a write that was killed, and clears it away later", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "--eval", killedWriter(directory)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const [left] = await readdir(join(directory, "incoming"));
    expect(left).toBeDefined();

    const archive = createFileSystemArchive(directory);
    for await (const { key } of archive.list("")) throw new Error(`${key} is there although it was not finished`);
    expect(await readdir(join(directory, "incoming"))).toEqual([left]); // its writer may still live
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(directory, "incoming", left ?? ""), longAgo, longAgo);
    const written = await createFileSystemArchive(directory).put("cut", Buffer.from("whole"), "text/plain");
    expect(written.isNew).toBe(true);
    expect(await readdir(join(directory, "incoming"))).toEqual([]);
  });

  it("notices a file that was changed behind its back", async () => {
    const archive = createFileSystemArchive(directory);
    const { sha256 } = await archive.put("day.json", Buffer.from('{"eRealKwh":1}'), "application/json");
    await writeFile(join(directory, "objects", "day.json"), '{"eRealKwh":9}');
    await expect(archive.get("day.json", sha256)).rejects.toThrow(ChecksumMismatch);
  });

  it("does not turn a vanished disk into an empty archive", async () => {
    const root = join(directory, "mount");
    const archive = createFileSystemArchive(root);
    await archive.put("a/b", Buffer.from("one"), "text/plain");
    await rm(root, { recursive: true });
    await expect(archive.put("a/c", Buffer.from("two"), "text/plain")).rejects.toThrow("is gone");
    await expect(archive.get("a/b", sha256Hex("one"))).rejects.toThrow(ArchiveUnavailable);
    await expect(archive.list("")[Symbol.asyncIterator]().next()).rejects.toThrow("is gone");
  });

  it("makes a directory again that somebody cleared away", async () => {
    const archive = createFileSystemArchive(directory);
    await archive.put("a/b/one", Buffer.from("one"), "text/plain");
    await rm(join(directory, "objects", "a"), { recursive: true });
    expect((await archive.put("a/b/two", Buffer.from("two"), "text/plain")).isNew).toBe(true);
  });

  it("says what is wrong with its place", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    await expect(createFileSystemArchive(join(file, "archive")).check()).rejects.toThrow("a file where a directory");
    const nowhere = join(directory, "loop");
    await symlink(nowhere, nowhere);
    await expect(createFileSystemArchive(join(nowhere, "archive")).check()).rejects.toThrow(ArchiveUnavailable);
    const archive = createFileSystemArchive(directory);
    await archive.put("a", Buffer.from("one"), "text/plain");
    await expect(archive.put("a/b", Buffer.from("two"), "text/plain")).rejects.toThrow("a file where a directory");
  });

  it.each([
    ["ENOSPC", "no space left"],
    ["EROFS", "read-only"],
    ["EACCES", "permissions"],
    ["EMFILE", "too many open files"],
  ])("gives %s its own sentence", (code, words) => {
    const failure = asFileSystemFailure(Object.assign(new Error(code), { code }), "/data");
    expect(failure).toBeInstanceOf(ArchiveUnavailable);
    expect(String(failure)).toContain(words);
  });
});

function killedWriter(root: string): string {
  const source = fileURLToPath(new URL("file-system.ts", import.meta.url));
  return `
    import(${JSON.stringify(source)}).then(({ createFileSystemArchive }) => {
      async function* endless() {
        yield Buffer.alloc(100000);
        process.stdout.write("half is written");
        setInterval(() => undefined, 1000);
        await new Promise(() => undefined);
      }
      return createFileSystemArchive(${JSON.stringify(root)}).putStream("cut", endless(), "text/plain");
    });`;
}
