import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../auth/roles";
import type { WorkerCtx } from "../../ctx";
import { auditLog, deliveryAttempts, notificationChannels, notifications } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { log } from "../../log";
import { createAddressGuard } from "../../net/address-guard";
import { createMailer, type SendMail } from "../delivery/mail";
import { listMessages } from "../delivery/queries";
import { retryMessage } from "../delivery/retry-message";
import { testSecrets } from "../testing/channels";
import { aReceiver } from "../testing/receiver";
import { createChannel } from "./create-channel";
import { deleteChannel } from "./delete-channel";
import { listChannels } from "./queries";
import { testChannel } from "./test-channel";
import { updateChannel } from "./update-channel";

const database = testDatabase();
let receiver: Awaited<ReturnType<typeof aReceiver>>;
beforeAll(async () => {
  receiver = await aReceiver();
});
afterAll(() => receiver.close());
beforeEach(async () => {
  await database.db.execute(sql`truncate notification_channels, audit_log cascade`);
  receiver.received.length = 0;
  receiver.answers((response) => response.end("ok"));
});

function ctx({ role = "admin", mail }: { role?: Role; mail?: SendMail } = {}): WorkerCtx {
  const addresses = createAddressGuard({ allowed: ["127.0.0.1"] });
  return {
    db: database.db,
    actor: { kind: "user", id: "u1", name: "Ada", roles: [role] },
    worker: {
      db: database.db,
      secrets: testSecrets,
      addresses,
      fetch: addresses.fetch,
      mail,
      consoleUrl: "https://meters.example",
      now: () => new Date(),
      log: log.child({}, { level: "silent" }),
    } as Partial<WorkerCtx["worker"]> as WorkerCtx["worker"],
  };
}
const webhook = (path = "/hook/with-a-long-token") => ({
  name: "Operations",
  kind: "webhook" as const,
  target: { url: receiver.url + path },
  kinds: ["late", "failed"],
});

describe("a webhook channel", () => {
  it("has its secret shown once, and its address and secret in no row, list or log", async () => {
    const { channel, secret } = await createChannel(ctx(), webhook());
    expect(secret).toMatch(/^whsec_[A-Za-z0-9_-]{43}$/);
    await testChannel(ctx(), { channelId: channel.id });
    const kept = JSON.stringify([
      await database.db.select().from(notificationChannels),
      await database.db.select().from(notifications),
      await database.db.select().from(deliveryAttempts),
      await database.db.select().from(auditLog),
      await listChannels(ctx()),
      await listMessages(ctx()),
    ]);
    expect(kept).toContain("channel.created");
    expect(kept).not.toContain(String(secret).slice(6));
    expect(kept).not.toContain("with-a-long-token");
  });

  it("is tested with a message that its secret signed, also while it is paused", async () => {
    const { channel, secret } = await createChannel(ctx(), webhook());
    await updateChannel(ctx(), { channelId: channel.id, isPaused: true });
    const sent = await testChannel(ctx(), { channelId: channel.id });
    expect(sent).toMatchObject({ state: "delivered", type: "test", attempts: [{ status: 200, answer: "ok" }] });
    const { headers, body } = receiver.first();
    const [, t, v1] = /^t=(\d+),v1=(.*)$/.exec(String(headers["x-meterproof-signature"])) ?? [];
    expect(v1).toBe(createHmac("sha256", String(secret)).update(`${t}.${body}`).digest("hex"));
  });

  it("signs with a new secret once it was replaced, and keeps its address", async () => {
    const { channel, secret } = await createChannel(ctx(), webhook());
    const replaced = await updateChannel(ctx(), { channelId: channel.id, replaceSecret: true });
    expect(replaced.secret).not.toBe(secret);
    const moved = await updateChannel(ctx(), { channelId: channel.id, target: { url: `${receiver.url}/moved` } });
    expect(moved.secret).toBeNull();
    await testChannel(ctx(), { channelId: channel.id });
    const { headers, body, path } = receiver.first();
    expect(path).toBe("/moved");
    const [, t, v1] = /^t=(\d+),v1=(.*)$/.exec(String(headers["x-meterproof-signature"])) ?? [];
    expect(v1).toBe(createHmac("sha256", String(replaced.secret)).update(`${t}.${body}`).digest("hex"));
  });

  it("shows a test that failed, once, and tries it again when asked", async () => {
    const { channel } = await createChannel(ctx(), webhook());
    receiver.answers((response) => response.writeHead(404).end("no such hook"));
    const failed = await testChannel(ctx(), { channelId: channel.id });
    expect(failed).toMatchObject({ state: "failed", status: 404, attempts: [{ answer: "no such hook" }] });
    expect(await listChannels(ctx())).toMatchObject([{ last: { state: "failed" }, failed: 0 }]);
    receiver.answers((response) => response.end());
    const again = await retryMessage(ctx(), { messageId: failed.id });
    expect(again).toMatchObject({ state: "delivered", attemptCount: 2 });
    await expect(retryMessage(ctx(), { messageId: failed.id })).rejects.toMatchObject({ code: "not_possible_now" });
  });

  it.each([
    ["http://169.254.169.254/hook", /private or special/],
    ["ftp://example.com/hook", /https/],
    ["https://user:password@example.com/hook", /name and password/],
    ["no address", /https/],
  ])("at %s is refused at its field", async (url, sentence) => {
    const refused = createChannel(ctx(), { ...webhook(), target: { url } });
    await expect(refused).rejects.toMatchObject({ fields: { "target.url": expect.stringMatching(sentence) } });
    expect(await database.db.$count(notificationChannels)).toBe(0);
  });

  it("is removed with its messages, and the log says so", async () => {
    const { channel } = await createChannel(ctx(), webhook());
    await testChannel(ctx(), { channelId: channel.id });
    await deleteChannel(ctx(), { channelId: channel.id });
    expect(await database.db.$count(notifications)).toBe(0);
    const actions = await database.db.select({ action: auditLog.action }).from(auditLog).orderBy(auditLog.seq);
    expect(actions.map(({ action }) => action)).toEqual(["channel.created", "channel.tested", "channel.deleted"]);
    await expect(deleteChannel(ctx(), { channelId: channel.id })).rejects.toMatchObject({ code: "not_found" });
  });
});

it("posts to Slack what Slack takes", async () => {
  const { channel, secret } = await createChannel(ctx(), { ...webhook(), kind: "slack" });
  expect(secret).toBeNull();
  await testChannel(ctx(), { channelId: channel.id });
  const { headers, body } = receiver.first();
  expect(headers["x-meterproof-signature"]).toBeUndefined();
  const posted = JSON.parse(body);
  expect(posted.text).toBe("Test message to Operations");
  expect(posted.blocks[0]).toMatchObject({ type: "section", text: { type: "mrkdwn" } });
});

describe("e-mail", () => {
  const mails: { text: string; to: string[] }[] = [];
  let refuses: string | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ password }, _session, done) =>
      password === "right-password" ? done(null, { user: "u" }) : done(new Error(`no ${password}`)),
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk) => {
        text += String(chunk);
      });
      stream.on("end", () => {
        mails.push({ text, to: session.envelope.rcptTo.map(({ address }) => address) });
        done(refuses ? Object.assign(new Error(refuses), { responseCode: 554 }) : null);
      });
    },
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve())));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const mailer = (user = "") =>
    createMailer({
      url: `smtp://${user}127.0.0.1:${(server.server.address() as AddressInfo).port}`,
      from: "Meterproof <meterproof@example.com>",
    });
  const channelOf = async () => {
    const target = { recipients: ["ops@example.com", "ada@example.com"] };
    return (await createChannel(ctx(), { ...webhook(), kind: "email", target })).channel;
  };
  beforeEach(() => {
    mails.length = 0;
    refuses = undefined;
  });

  it("goes to each recipient with the delivery id in its message id", async () => {
    const channel = await channelOf();
    expect(channel.targetHint).toBe("ops@example.com and 1 more");
    const sent = await testChannel(ctx({ mail: mailer("user:right-password@") }), { channelId: channel.id });
    expect(sent).toMatchObject({ state: "delivered", status: 250 });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(["ops@example.com", "ada@example.com"]);
    expect(mails[0]?.text).toContain("Subject: Meterproof: Test message to Operations");
    expect(mails[0]?.text.toLowerCase()).toContain(`message-id: <${sent.id}@meterproof>`);
    expect(mails[0]?.text).toContain("https://meters.example/settings/notifications");
  });

  it("says what to set where no mail server is configured", async () => {
    const sent = await testChannel(ctx(), { channelId: (await channelOf()).id });
    expect(sent).toMatchObject({ state: "failed", lastMessage: expect.stringContaining("set SMTP_URL and SMTP_FROM") });
  });

  it("shows what the mail server said, and never the password", async () => {
    const channel = await channelOf();
    refuses = "this is spam";
    const spam = await testChannel(ctx({ mail: mailer() }), { channelId: channel.id });
    expect(spam).toMatchObject({ state: "failed", status: 554, attempts: [{ answer: "554 this is spam" }] });
    const wrong = await testChannel(ctx({ mail: mailer("user:wrong-password@") }), { channelId: channel.id });
    expect(wrong.lastMessage).toContain("refused the sign-in");
    const kept = JSON.stringify([await database.db.select().from(deliveryAttempts), wrong]);
    expect(kept).not.toContain("wrong-password");
  });

  it("where nothing listens was certainly not sent", async () => {
    const nowhere = createMailer({ url: "smtp://127.0.0.1:1", from: "a@example.com" });
    const sent = await testChannel(ctx({ mail: nowhere }), { channelId: (await channelOf()).id });
    expect(sent.attempts).toMatchObject([{ outcome: "unreachable" }]);
  });

  it.each(["no address", "a@example.com\r\nBcc: b@example.com"])("is not sent to %j", async (recipient) => {
    const target = { recipients: [recipient] };
    await expect(createChannel(ctx(), { ...webhook(), kind: "email", target })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});

it("is for administrators", async () => {
  const { channel } = await createChannel(ctx(), webhook());
  const channelId = channel.id;
  const { id: messageId } = await testChannel(ctx(), { channelId });
  for (const role of ["viewer", "operator", "reviewer"] as const) {
    const theirs = ctx({ role });
    for (const attempt of [
      () => createChannel(theirs, webhook()),
      () => updateChannel(theirs, { channelId, isPaused: true }),
      () => deleteChannel(theirs, { channelId }),
      () => testChannel(theirs, { channelId }),
      () => retryMessage(theirs, { messageId }),
      () => listChannels(theirs),
      () => listMessages(theirs),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
    }
  }
});
