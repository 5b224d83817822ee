import { appendFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmbeddedPostgres } from "../postgres";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meterproof-postgres-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("keeps what was committed through kill -9, asks for its password, and starts beside a stale pid file", async () => {
  const first = await startEmbeddedPostgres({ dataDir: folder });
  const client = postgres(first.url, { max: 1 });
  await client`create table kept (n int)`;
  await client`insert into kept values (42)`;
  const [{ pid } = { pid: "" }] = await client`select pg_read_file('postmaster.pid') as pid`;
  const wrong = new URL(first.url);
  wrong.password = "wrong";
  const stranger = postgres(wrong.href, { max: 1 });
  await expect(stranger`select 1`).rejects.toMatchObject({ code: "28P01" });
  process.kill(Number.parseInt(pid, 10), "SIGKILL");
  await first.ended;
  await client.end({ timeout: 1 });

  // As after a restart of a container: the number belongs to another program now.
  const stale = join(first.folder, "data", "postmaster.pid");
  const lines = (await readFile(stale, "utf8")).split("\n");
  await writeFile(stale, [process.pid, ...lines.slice(1)].join("\n"));
  const second = await startEmbeddedPostgres({ dataDir: folder });
  const again = postgres(second.url, { max: 1 });
  expect(await again`select n from kept`).toEqual([{ n: 42 }]);
  await again.end();
  await second.stop();
  expect(second.folder).toBe(join(folder, "postgres"));
}, 90_000);

it("starts again after kill -9 as soon as the last session that outlived it is gone", async () => {
  const first = await startEmbeddedPostgres({ dataDir: folder, isThrowaway: true });
  const client = postgres(first.url, { max: 1 });
  const [own] = await client`select pg_backend_pid() as session, pg_read_file('postmaster.pid') as server`;
  // As if it were busy with a long statement: it does not notice that its server is gone.
  process.kill(own?.session, "SIGSTOP");
  process.kill(Number.parseInt(own?.server, 10), "SIGKILL");
  await first.ended;
  // What such a session writes when it does notice, over and over: the reason of the refused start is not always last.
  const notice = "2026-01-01 00:00:00.000 UTC [1] FATAL:  terminating connection due to unexpected postmaster exit\n";
  const noticing = setInterval(() => appendFileSync(join(folder, "postgres.log"), notice), 5);
  let second: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  try {
    const starting = startEmbeddedPostgres({ dataDir: folder, isThrowaway: true });
    await expect(Promise.race([starting, sleep(2_000, "waits")])).resolves.toBe("waits");
    process.kill(own?.session, "SIGCONT");
    second = await starting;
  } finally {
    clearInterval(noticing); // Here, and not once the test is finished: the folder is gone by then.
  }
  await client.end({ timeout: 1 });
  await second.stop();
}, 180_000);
