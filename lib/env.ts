import { z } from "zod";

/** A variable of the environment is missing or wrong; the message names it and says what to set. */
export class BadEnvironment extends Error {
  override name = "BadEnvironment";
}

const url = (protocols: string[], example: string) =>
  z
    .string({ error: `is missing: set it to an address such as ${example}` })
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be an address such as ${example}`,
    );
const httpUrl = (example: string) => url(["http:", "https:"], example);
const secret = (what: string) =>
  z.string({ error: `is missing: set it to ${what}` }).min(1, `is empty: set it to ${what}`);

const schema = z.object({
  NODE_ENV: z.string().default("development"),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@host:5432/meterproof"),
  /** Connections of one app process. */
  DATABASE_POOL_SIZE: z.coerce
    .number("must be a whole number")
    .int("must be a whole number")
    .min(2)
    .max(100)
    .default(10),
  ARCHIVE_URL: url(["s3:", "file:"], "s3://bucket/prefix or file:///var/lib/meterproof/archive"),
  METERPROOF_SECRET_KEYS: secret(
    "`id:base64`, 32 random bytes behind the id (several keys: newest first, comma between)",
  ),
  METERPROOF_FINGERPRINT_KEY: secret("32 random bytes in base64, the same for ever").refine(
    (text) => Buffer.from(text, "base64").length >= 32,
    "must be at least 32 bytes in base64",
  ),
  NEXTAUTH_SECRET: secret("a long random text").min(32, "is too short: set it to at least 32 random characters"),
  /** The address people open, where it is not loopback. */
  NEXTAUTH_URL: httpUrl("https://meterproof.example.com").optional(),
  /** Single sign-on: all three or none. The provider's callback address is NEXTAUTH_URL + /api/auth/callback/oidc. */
  OIDC_ISSUER: httpUrl("https://login.example.com").optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  INNGEST_BASE_URL: httpUrl("https://inngest.example.com"),
  INNGEST_SIGNING_KEY: secret("the signing key of your Inngest"),
  INNGEST_EVENT_KEY: secret("an event key of your Inngest"),
  /** Hosts and networks, commas between, that sources may be on although they are private (loopback in the demo). */
  METERPROOF_ALLOWED_ADDRESSES: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    ),
  /** Of the application; links in messages lead there where NEXTAUTH_URL is not set. */
  PORT: z.coerce.number("must be a number").default(3000),
  /** The mail server of notifications, and who they are from: both or none. */
  SMTP_URL: url(["smtp:", "smtps:"], "smtp://user:password@mail.example.com:587").optional(),
  SMTP_FROM: z.string().includes("@", "must be an address such as Meterproof <meterproof@example.com>").optional(),
  /** Bearer token for GET /api/metrics from other machines; without it only loopback may read. */
  METERPROOF_METRICS_TOKEN: z.string().min(16, "is too short: set it to at least 16 characters").optional(),
  /** Where people look at runs, for links on the task page. */
  INNGEST_DASHBOARD_URL: httpUrl("https://app.inngest.com").optional(),
  METERPROOF_MODE: z.enum(["start", "demo"], "must be `start` or `demo`").default("start"),
});

export type Env = z.output<typeof schema> & {
  /** Overrides of vendors' addresses by variable name, without a trailing slash. */
  baseUrls: Record<string, string | undefined>;
};

/** Throws BadEnvironment with a sentence for each variable that is missing or wrong, never with a value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  // An empty variable is one that was not set: compose files and shells produce them.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`);
  const oidc = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"].filter((name) => name in given).length;
  if (oidc !== 0 && oidc !== 3) {
    problems.push("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all three, or none.");
  }
  if ("SMTP_URL" in given !== "SMTP_FROM" in given) {
    problems.push("SMTP_URL and SMTP_FROM belong together: set both, or none.");
  }
  const baseUrls: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!name.endsWith("_BASE_URL") || name.startsWith("INNGEST_")) continue;
    if (httpUrl("").safeParse(value).success) baseUrls[name] = String(value).replace(/\/+$/, "");
    else problems.push(`${name} must be an address such as https://vendor.example.com.`);
  }
  if (!parsed.success || problems.length > 0) throw new BadEnvironment(problems.join(" "));
  return { ...parsed.data, baseUrls };
}

let parsedOnce: Env | undefined;

/** The environment of this process, parsed at the first call (so that a build needs none of it). */
export function env(): Env {
  parsedOnce ??= parseEnv(process.env);
  return parsedOnce;
}
