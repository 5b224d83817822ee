import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openArchive } from "../archive/open-archive";
import type { Actor } from "../auth/actor";
import { archiveObjects } from "../db/schema/archive";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import type { Worker } from "../pipeline/worker";
import { aTask } from "../testing/builders";
import { getArtifactEndpoint } from "./endpoints";

const database = testDatabase();
const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };
const page = new TextEncoder().encode("<script>alert(1)</script>");

/** A task with one raw object in an archive of its own. */
async function aTaskWithObject(bytes: Uint8Array) {
  const directory = await mkdtemp(join(tmpdir(), "meterproof-artifacts-"));
  const archive = openArchive(`file:${directory}`);
  const key = `raw/${newId()}/2026-01-01.html`;
  const stored = await archive.put(key, bytes, "text/html");
  const task = await aTask(database.db);
  const [object] = await database.db
    .insert(archiveObjects)
    .values({
      meterId: task.meterId,
      kind: "raw",
      key,
      sha256: stored.sha256,
      sizeBytes: bytes.length,
      contentType: "text/html",
      origin: { kind: "api", url: "https://example.com/x" },
      fetchedAt: new Date(),
      confirmedAt: new Date(),
    })
    .returning();
  const withObject = await aTask(database.db, { rawObjectIds: [object?.id ?? ""], meterId: task.meterId });
  return { directory, worker: { archive } as Worker, task: withObject, objectId: object?.id ?? "" };
}

function download(taskId: string, objectId: string, worker: Worker, actor = viewer) {
  const request = new Request(`http://localhost/api/v1/tasks/${taskId}/artifacts/${objectId}`);
  return getArtifactEndpoint.answer(request, { id: taskId, objectId }, { db: database.db, actor, worker });
}

/** The only file below the directory that holds an object. */
async function objectFile(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const file = files.find((each) => each.isFile() && each.name.endsWith(".html"));
  if (!file) throw new Error("no object");
  return join(file.parentPath, file.name);
}

it("gives the bytes as they are, to be kept and never to be run", async () => {
  const { worker, task, objectId } = await aTaskWithObject(page);
  const response = await download(task.id, objectId, worker);
  expect(response.status).toBe(200);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(page);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-disposition": 'attachment; filename="2026-01-01.html"',
    "content-length": String(page.length),
  });
});

it("streams an object of many pieces whole", async () => {
  const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
  const { worker, task, objectId } = await aTaskWithObject(bytes);
  const response = await download(task.id, objectId, worker);
  expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), Buffer.from(bytes))).toBe(0);
});

it("refuses an object that is damaged or gone with a sentence", async () => {
  const { directory, worker, task, objectId } = await aTaskWithObject(page);
  const file = await objectFile(directory);
  await rm(file);
  await writeFile(file, "<script>alert(2)</script>");
  const damaged = await download(task.id, objectId, worker);
  expect(damaged.status).toBe(422);
  expect((await damaged.json()).error.message).toContain("changed or damaged");
  await rm(file);
  expect((await download(task.id, objectId, worker)).status).toBe(422);
});

it("breaks off, short of the announced length, when a large object is damaged", async () => {
  const { directory, worker, task, objectId } = await aTaskWithObject(new Uint8Array(1_000_000));
  const file = await objectFile(directory);
  await rm(file);
  await writeFile(file, new Uint8Array(1_000_000).fill(1, 999_999));
  const response = await download(task.id, objectId, worker);
  const reader = response.body?.getReader();
  let received = 0;
  await expect(
    (async () => {
      for (;;) {
        const piece = await reader?.read();
        if (!piece || piece.done) return;
        received += piece.value.length;
      }
    })(),
  ).rejects.toThrow("changed or damaged");
  expect(received).toBeLessThan(1_000_000);
});

it("gives nothing of other tasks, nor to a token of other meters", async () => {
  const { worker, task, objectId } = await aTaskWithObject(page);
  const other = await aTask(database.db);
  expect((await download(other.id, objectId, worker)).status).toBe(404);
  const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["viewer"], meterIds: [other.meterId] };
  expect((await download(task.id, objectId, worker, token)).status).toBe(403);
});
