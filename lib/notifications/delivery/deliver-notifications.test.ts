import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveryAttempts, notificationChannels, notifications } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { log } from "../../log";
import { createAddressGuard } from "../../net/address-guard";
import { recordMessage } from "../messages/collect-notifications";
import { compose } from "../messages/compose";
import { aChannel, testKeys, testSecrets } from "../testing/channels";
import { aReceiver } from "../testing/receiver";
import { claimMessages, dueMessages } from "./claim";
import { deliverNotifications } from "./deliver-notifications";
import { post } from "./post";

const database = testDatabase();
let now = new Date("2026-07-10T02:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const SECRET = "whsec_a-secret-of-this-channel";
const PATH = "/services/T0123456789/with-a-secret-token";
let receiver: Awaited<ReturnType<typeof aReceiver>>;
const logged: string[] = [];
const quiet = log.child({}, { level: "silent" });
quiet.warn = ((...entry: unknown[]) => void logged.push(JSON.stringify(entry))) as typeof quiet.warn;

const worker = (allowed = ["127.0.0.1"]) => ({
  db: database.db,
  secrets: testSecrets,
  fetch: createAddressGuard({ allowed }).fetch,
  now: () => now,
  log: quiet,
});

beforeAll(async () => {
  receiver = await aReceiver();
});
afterAll(() => receiver.close());
beforeEach(async () => {
  await database.db.execute(sql`truncate notification_channels cascade`);
  receiver.received.length = 0;
  receiver.answers((response) => response.end("ok"));
  now = new Date("2026-07-10T02:00:00Z");
});

async function aMessage(url = receiver.url + PATH) {
  const channel = await aChannel(database.db, {}, { kind: "webhook", url, secret: SECRET });
  const due = {
    kind: "late",
    subjectId: "m1",
    subjectName: "Dock",
    change: "opened",
    since: now.toISOString(),
  } as const;
  const content = compose([due], { type: "incidents", note: null, consoleUrl: "https://meters.example" });
  return recordMessage(database.db, { channelId: channel.id, content, now });
}
const stateOf = async (id: string) => {
  const [row] = await database.db.select().from(notifications).where(eq(notifications.id, id));
  return { state: row?.state, nextAttemptAt: row?.nextAttemptAt };
};
const attemptsOf = (id: string) =>
  database.db
    .select()
    .from(deliveryAttempts)
    .where(eq(deliveryAttempts.notificationId, id))
    .orderBy(deliveryAttempts.number);

describe("a webhook", () => {
  it("gets JSON that any receiver can verify with the secret", async () => {
    const id = await aMessage();
    expect(await deliverNotifications(worker())).toBe(1);
    expect(await deliverNotifications(worker())).toBe(0);
    expect(receiver.received).toHaveLength(1);
    const { headers, body, path } = receiver.first();
    expect(path).toBe(PATH);
    expect(headers["x-meterproof-delivery"]).toBe(id);
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-meterproof-signature"])) ?? [];
    expect(Number(t)).toBe(now.getTime() / 1000);
    expect(v1).toBe(hmacByHand(SECRET, `${t}.${body}`));
    expect(JSON.parse(body)).toEqual({
      id,
      type: "incidents",
      createdAt: "2026-07-10T02:00:00.000Z",
      title: "1 meter late",
      note: null,
      url: "https://meters.example/",
      changes: [
        {
          kind: "late",
          change: "opened",
          title: "1 meter late",
          count: 1,
          url: "https://meters.example/meters?state=late",
          subjects: [{ name: "Dock", url: "https://meters.example/meters/m1", since: "2026-07-10T02:00:00.000Z" }],
        },
      ],
    });
    expect(await stateOf(id)).toMatchObject({ state: "delivered", nextAttemptAt: null });
    expect(await attemptsOf(id)).toMatchObject([{ number: 1, outcome: "delivered", status: 200, answer: "ok" }]);
  });

  it("that fails is tried again later and later with the same id and body, and given up after a day", async () => {
    const id = await aMessage();
    receiver.answers((response) => response.writeHead(500).end("broken"));
    const waits: number[] = [];
    for (;;) {
      expect(await deliverNotifications(worker())).toBe(1);
      const { state, nextAttemptAt } = await stateOf(id);
      if (state !== "pending" || !nextAttemptAt) break;
      waits.push((nextAttemptAt.getTime() - now.getTime()) / 60_000);
      now = new Date(nextAttemptAt.getTime() - 1);
      expect(await deliverNotifications(worker())).toBe(0);
      now = nextAttemptAt;
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 15, 30, 60, 60]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(24 * 60);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(22 * 60);
    expect((await stateOf(id)).state).toBe("failed");
    expect(new Set(receiver.received.map(({ headers }) => headers["x-meterproof-delivery"]))).toEqual(new Set([id]));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["x-meterproof-signature"])).size).toBe(
      waits.length + 1,
    );
    expect((await attemptsOf(id)).every(({ status, answer }) => status === 500 && answer === "broken")).toBe(true);
  });

  it.each([
    ["seconds", () => "600"],
    ["a date", () => minutes(10).toUTCString()],
  ])("that is busy is left alone until its Retry-After in %s", async (_form, header) => {
    const id = await aMessage();
    receiver.answers((response) => response.writeHead(429, { "retry-after": header() }).end());
    await deliverNotifications(worker());
    expect((await stateOf(id)).nextAttemptAt).toEqual(minutes(10));
    receiver.answers((response) => response.end());
    now = minutes(9);
    expect(await deliverNotifications(worker())).toBe(0);
    now = minutes(1);
    await deliverNotifications(worker());
    expect((await stateOf(id)).state).toBe("delivered");
  });

  it("that asks for more than a day, or is gone for good, is not tried again", async () => {
    const patient = await aMessage();
    receiver.answers((response) => response.writeHead(503, { "retry-after": String(2 * 86_400) }).end());
    await deliverNotifications(worker());
    expect((await stateOf(patient)).state).toBe("failed");
    const gone = await aMessage();
    receiver.answers((response) => response.writeHead(410).end());
    await deliverNotifications(worker());
    expect((await stateOf(gone)).state).toBe("failed");
  });

  it("that redirects is not followed", async () => {
    const elsewhere = await aReceiver();
    const id = await aMessage();
    receiver.answers((response) => response.writeHead(307, { location: `${elsewhere.url}/other` }).end());
    await deliverNotifications(worker());
    expect(elsewhere.received).toEqual([]);
    expect((await stateOf(id)).state).toBe("failed");
    expect((await attemptsOf(id))[0]?.message).toMatch(/redirect to http:\/\/127\.0\.0\.1/);
    elsewhere.close();
  });

  it("that hangs is left after the time-out, and nobody claims to know whether it arrived", async () => {
    receiver.answers(() => undefined);
    const request = { url: receiver.url, headers: {}, body: "{}", now, timeoutMs: 200 };
    expect(await post(worker().fetch, request)).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("may have arrived"),
    });
    receiver.answers((response) => response.writeHead(200).write("half of an ans"));
    expect(await post(worker().fetch, request)).toMatchObject({ outcome: "delivered", status: 200 });
    receiver.answers((response) => response.destroy());
    expect(await post(worker().fetch, request)).toMatchObject({ outcome: "unknown" });
  });

  it("where nothing listens was certainly not reached", async () => {
    const closed = await aReceiver();
    closed.close();
    const request = { url: closed.url, headers: {}, body: "{}", now };
    expect(await post(worker().fetch, request)).toMatchObject({ outcome: "unreachable" });
  });

  it.each(["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::1]:9/", "http://localhost:8099/"])(
    "at %s is refused by the guard, without a retry",
    async (url) => {
      const id = await aMessage(url);
      await deliverNotifications(worker([]));
      expect((await stateOf(id)).state).toBe("failed");
      expect((await attemptsOf(id))[0]).toMatchObject({
        outcome: "unreachable",
        message: expect.stringContaining("METERPROOF_ALLOWED_ADDRESSES"),
      });
    },
  );

  it("whose answer repeats address and secret leaves them in no row and no log line", async () => {
    const id = await aMessage();
    receiver.answers((response) =>
      response
        .writeHead(400)
        .end(`bad ${SECRET} for ${receiver.url}${PATH} \0 with-a-secret-token T0123456789 ${"x".repeat(5_000)}`),
    );
    await deliverNotifications(worker());
    const kept = JSON.stringify([await attemptsOf(id), logged]);
    expect(kept).toContain("bad [removed]");
    for (const secret of [SECRET, PATH, "with-a-secret-token"]) expect(kept).not.toContain(secret);
    expect((await attemptsOf(id))[0]?.answer?.length).toBeLessThanOrEqual(300);
  });
});

describe("a crash", () => {
  it("between recording and sending loses nothing: the message goes out with the next call", async () => {
    const id = await aMessage();
    await claimMessages(database.db, dueMessages(now), 10, now);
    expect(await deliverNotifications(worker())).toBe(0);
    now = minutes(3);
    expect(await deliverNotifications(worker())).toBe(1);
    expect((await attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(["unknown", "delivered"]);
    expect(receiver.received).toHaveLength(1);
  });

  it("after sending repeats the message with the same id, and says that nobody knew", async () => {
    const id = await aMessage();
    const child = spawn(process.execPath, ["--import", "tsx", app], {
      env: { ...process.env, ...testKeys, DATABASE_URL: database.url },
      stdio: "ignore",
    });
    receiver.answers(() => child.kill("SIGKILL"));
    await once(child, "exit");
    expect(receiver.received).toHaveLength(1);
    expect(await attemptsOf(id)).toMatchObject([{ number: 1, outcome: null }]);
    receiver.answers((response) => response.end());
    // The child took the real time.
    now = new Date(Date.now() + 60_000);
    expect(await deliverNotifications(worker())).toBe(0);
    now = new Date(Date.now() + 180_000);
    expect(await deliverNotifications(worker())).toBe(1);
    expect(receiver.received.map(({ headers }) => headers["x-meterproof-delivery"])).toEqual([id, id]);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
    expect((await attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(["unknown", "delivered"]);
  });

  it("of one of two senders is no reason to send twice at the same time", async () => {
    for (let index = 0; index < 6; index += 1) await aMessage();
    const tried = await Promise.all([worker(), worker(), worker()].map(deliverNotifications));
    expect(tried.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(new Set(receiver.received.map(({ headers }) => headers["x-meterproof-delivery"])).size).toBe(6);
    expect(receiver.received).toHaveLength(6);
  });
});

it("leaves messages of a paused channel until it is back", async () => {
  const id = await aMessage();
  await database.db.update(notificationChannels).set({ isPaused: true });
  expect(await deliverNotifications(worker())).toBe(0);
  await database.db.update(notificationChannels).set({ isPaused: false });
  expect(await deliverNotifications(worker())).toBe(1);
  expect((await stateOf(id)).state).toBe("delivered");
});

const app = fileURLToPath(new URL("../testing/deliver-app.ts", import.meta.url));

/** RFC 2104 from its text, over SHA-256 alone: shares nothing with what signs. The key is shorter than a block. */
function hmacByHand(key: string, text: string): string {
  const block = Buffer.alloc(64);
  block.write(key);
  const padded = (byte: number) => Buffer.from(block.map((each) => each ^ byte));
  const inner = createHash("sha256").update(padded(0x36)).update(text).digest();
  return createHash("sha256").update(padded(0x5c)).update(inner).digest("hex");
}
