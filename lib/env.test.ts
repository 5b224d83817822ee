import { expect, it } from "vitest";
import { BadEnvironment, parseEnv } from "./env";

const complete = {
  DATABASE_URL: "postgres://u:p@127.0.0.1:5432/m",
  ARCHIVE_URL: "file:///tmp/archive",
  METERPROOF_SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
  METERPROOF_FINGERPRINT_KEY: Buffer.alloc(32, 2).toString("base64"),
  NEXTAUTH_SECRET: "x".repeat(32),
  INNGEST_BASE_URL: "http://127.0.0.1:8288",
  INNGEST_SIGNING_KEY: "signkey-test-00",
  INNGEST_EVENT_KEY: "event",
};

it.each(Object.keys(complete))("names %s when it is missing or empty", (name) => {
  expect(() => parseEnv({ ...complete, [name]: undefined })).toThrow(new RegExp(`^${name} is missing`));
  expect(() => parseEnv({ ...complete, [name]: "" })).toThrow(new RegExp(`^${name} is missing`));
});

it("says what is wrong without showing the value", () => {
  const wrong = { ...complete, DATABASE_URL: "mysql://u:hunter2@h/d", NEXTAUTH_SECRET: "hunter2" };
  const read = () => parseEnv(wrong);
  expect(read).toThrow(BadEnvironment);
  expect(read).toThrow(/DATABASE_URL must be .*NEXTAUTH_SECRET is too short/);
  expect(read).not.toThrow(/hunter2/);
});

it("collects vendors' addresses, without the slash at the end, and refuses what is no address", () => {
  const baseUrls = parseEnv({ ...complete, WATTWATCHERS_BASE_URL: "http://127.0.0.1:9/" }).baseUrls;
  expect(baseUrls).toEqual({ WATTWATCHERS_BASE_URL: "http://127.0.0.1:9" });
  expect(() => parseEnv({ ...complete, SOLCAST_BASE_URL: "solcast" })).toThrow(/^SOLCAST_BASE_URL must be/);
});

it("takes a mail server and its sender together, and shows no password of it", () => {
  const SMTP_URL = "smtp://user:hunter2@mail.example.com:587";
  const SMTP_FROM = "Meterproof <meterproof@example.com>";
  expect(parseEnv({ ...complete, SMTP_URL, SMTP_FROM })).toMatchObject({ SMTP_URL, SMTP_FROM });
  for (const half of [{ SMTP_URL }, { SMTP_FROM }]) {
    expect(() => parseEnv({ ...complete, ...half })).toThrow(/belong together/);
  }
  const wrong = () => parseEnv({ ...complete, SMTP_URL: "mail://user:hunter2@h", SMTP_FROM });
  expect(wrong).toThrow(/SMTP_URL must be/);
  expect(wrong).not.toThrow(/hunter2/);
});
