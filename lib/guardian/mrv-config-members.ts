import { z } from "zod";
import { isEmbedded } from "./contexts/loader";
import { parseHederaDid } from "./did";
import { isObject, type JsonObject } from "./json-object";

type Report = (path: string, sentence: string) => void;

const text = (sentence: string) => z.string(sentence).trim().min(1, sentence).max(2_000, "This is too long.");

const did = text("This must be a Hedera DID.").refine((value) => parseHederaDid(value) !== null, {
  message: "This must be a Hedera DID, such as did:hedera:testnet:6yMN…_0.0.4001.",
});

const entityId = text("This must be a Hedera id.").regex(
  /^\d+\.\d+\.\d+$/,
  "This must be a Hedera id such as 0.0.4001.",
);

/** Some policies hand these out as JSON in a text. */
const jsonObject = (sentence: string) =>
  z.preprocess(
    (value) => {
      if (typeof value !== "string") return value;
      try {
        return JSON.parse(value);
      } catch {
        return value;
      }
    },
    z.custom<JsonObject>(isObject, sentence),
  );

/** An address that JSON-LD takes as it is: ipfs, https, and `schema:` of policies that are only tried out. */
const contextUrl = text("This must be an address.").regex(
  /^[a-z][a-z0-9+.-]*:\S+$/i,
  "This must be a full address such as ipfs://bafkrei….",
);

const contextUrls = z.preprocess(
  (value) => (typeof value === "string" ? [value] : value),
  z
    .array(contextUrl, "This must be a list of addresses.")
    .max(10)
    .refine((urls) => urls.some((url) => !isEmbedded(url)), "The address of the policy's own context is missing."),
);

/** Members by themselves: what depends on several is checked by `parseMrvConfig`. */
const members = {
  url: text("This must be an address.").optional(),
  topic: entityId.optional(),
  hederaAccountId: entityId.optional(),
  installer: did,
  did,
  key: text("This must be the device's private key in hex.").optional(),
  type: text("This must be the type of the schema, <uuid>&<version>.")
    .transform((value) => value.replace(/^#/, ""))
    .optional(),
  schema: jsonObject("This must be the JSON-LD context of the type, an object."),
  context: z.unknown().optional(),
  didDocument: jsonObject("This must be the device's DID document, an object.").optional(),
  policyId: text("This must be the policy's id.").regex(/^[\w-]+$/, "This must be the policy's id, such as 66f0a1…."),
  policyTag: text("This must be the policy's tag."),
  ref: text("This must be the id of the device's document, its DID.").optional(),
};

type Members = { [Name in keyof typeof members]?: z.output<(typeof members)[Name]> } & { contextUrls?: string[] };

/** Reads each member by itself, so that a fault in one hides no other. null counts as absent. */
export function readMembers(raw: JsonObject, report: Report): Members {
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(members)) {
    const parsed = schema.safeParse(raw[name] ?? undefined);
    if (parsed.success) read[name] = parsed.data;
    else if ((raw[name] ?? undefined) === undefined)
      report(name, missing[name] ?? "This is missing: download the MRV config again.");
    else for (const issue of parsed.error.issues) report([name, ...issue.path.map(String)].join("."), issue.message);
  }
  const known = read as Members;
  if (known.schema) known.schema = asContextDocument(known.schema);
  readContext(raw.context ?? undefined, known, report);
  return known;
}

const missing: Record<string, string> = {
  installer: "The DID of the device's owner is missing: Guardian needs it as the owner of every record.",
  schema: "The JSON-LD context of the type is missing: without it nothing can be signed.",
};

/** `{ type, "@context" }` in every config of today; the addresses alone are taken, too. */
function readContext(context: unknown, known: Members, report: Report): void {
  const isFrame = isObject(context);
  const addresses = isFrame ? context["@context"] : context;
  const path = isFrame ? "context.@context" : "context";
  if (addresses === undefined) {
    report(path, "The address of the type's context is missing: configs of Guardian 2.0 and later have it.");
  } else {
    const parsed = contextUrls.safeParse(addresses);
    if (parsed.success) known.contextUrls = parsed.data;
    else for (const issue of parsed.error.issues) report([path, ...issue.path.map(String)].join("."), issue.message);
  }
  const framed = isFrame && typeof context.type === "string" ? context.type.replace(/^#/, "") : undefined;
  if (known.type === undefined && framed === undefined) {
    report("type", "The type of the schema is missing, here and in `context`: download the MRV config again.");
  } else if (known.type !== undefined && framed !== undefined && known.type !== framed) {
    report("context.type", "This is another type than `type`: the file was put together from two configs.");
  }
  known.type ??= framed;
}

/** `{ "@context": … }`, also where only what is inside was given. */
function asContextDocument(schema: JsonObject): JsonObject {
  return "@context" in schema ? schema : { "@context": schema };
}
