import { z } from "zod";
import { InvalidInput } from "../../errors";

const text = (name: string, example: string) =>
  z
    .string({ error: `${name} is missing: give it as text, such as ${example}.` })
    .trim()
    .min(1, `${name} is empty.`)
    .max(4_096, `${name} is too long.`);

/** `data_credentials` of an S3 meter. */
const schema = z.strictObject({
  accessKeyId: text("accessKeyId", '"AKIA…"').meta({ title: "Access key id" }),
  secretAccessKey: text("secretAccessKey", "the secret shown when the key was made").meta({
    title: "Secret access key",
  }),
  region: text("region", '"ap-southeast-2"')
    .regex(/^[a-z0-9-]{1,40}$/, "region holds lower-case letters, digits and hyphens, such as ap-southeast-2.")
    .meta({ title: "Region", description: "Where the bucket is; us-east-1 will do for most stores beside Amazon's." }),
  endpoint: z
    .string("endpoint must be text, such as https://minio.example.com.")
    .trim()
    .refine(
      isEndpoint,
      "endpoint must be an http(s) address without user, path and query, such as https://minio.example.com.",
    )
    .optional()
    .meta({ title: "Endpoint", description: "Address of a store that is not Amazon's. Empty: Amazon S3." }),
  sessionToken: text("sessionToken", "the token of temporary credentials").optional().meta({
    title: "Session token",
    description: "Only for temporary credentials; they stop working when it expires.",
  }),
  forcePathStyle: z.boolean("forcePathStyle must be true or false.").optional().meta({
    title: "Path style",
    description: "Bucket in the path instead of the host name. Default: with an endpoint, because most stores need it.",
  }),
});

export type S3Credentials = z.infer<typeof schema>;
export const s3CredentialsSchema: z.ZodType<S3Credentials> = schema;

/**
 * The credentials of an S3 meter from the JSON text they are kept as. Throws InvalidInput with a sentence for each
 * field (`dataCredentials.region`) that never repeats a value.
 */
export function parseS3Credentials(json: string): S3Credentials {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, and with it the secret.
    throw invalid({
      dataCredentials: 'This is no JSON: it must look like {"accessKeyId":"…","secretAccessKey":"…","region":"…"}.',
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = ["dataCredentials", ...issue.path.map(String)].join(".");
    fields[field] ??= issue.code === "unrecognized_keys" ? unknownFields(issue.keys) : issue.message;
  }
  throw invalid(fields);
}

function unknownFields(names: readonly string[]): string {
  // Half a pasted secret can end up as a name.
  const known = Object.keys(schema.shape).join(", ");
  return `There ${names.length === 1 ? "is a field" : `are ${names.length} fields`} too many; known are ${known}.`;
}

function invalid(fields: Record<string, string>): InvalidInput {
  return new InvalidInput(`These are no credentials for S3. ${Object.values(fields).join(" ")}`, fields);
}

function isEndpoint(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(address);
  const isPlain = [username, password, search, hash].every((part) => part === "") && pathname === "/";
  return isPlain && (protocol === "https:" || protocol === "http:");
}
