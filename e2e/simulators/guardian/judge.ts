import { contexts as credentialContexts } from "@digitalbazaar/credentials-context";
import { Ed25519Signature2018 } from "@digitalbazaar/ed25519-signature-2018";
import security from "@digitalbazaar/security-context";
import { type Loader, verifyCredential } from "@digitalbazaar/vc";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import type { DidDocument } from "./devices";
import type { SimulatedPolicy } from "./policies";

export interface Judged {
  verdict: "VERIFIED" | "INVALID";
  reason: string | null;
}

type JsonObject = Record<string, unknown>;

const UNDEFINED_TERM = "https://w3id.org/traceability/#undefinedTerm";

/** What a policy's external data block stores of a credential: schema first, signature only if that passes. None of the product's code is used. */
export async function judgeCredential(
  credential: unknown,
  known: { policies: readonly SimulatedPolicy[]; didDocuments: ReadonlyMap<string, DidDocument> },
  now: Date,
): Promise<Judged> {
  const invalid = (reason: string): Judged => ({ verdict: "INVALID", reason });
  try {
    const { credentialSubject } = credential as JsonObject;
    const subject = (Array.isArray(credentialSubject) ? credentialSubject[0] : credentialSubject) as JsonObject;
    const contextUrls = [subject["@context"]].flat();
    const policy = known.policies.find(
      ({ type, contextUrl }) => type === subject.type && contextUrls.includes(contextUrl),
    );
    if (!policy) return invalid("Schema not found.");
    const misfit = misfitOf(credential, policy.schema);
    if (misfit) return invalid(`Schema: ${misfit}`);
    const result = await verifyCredential({
      credential,
      suite: [new Ed25519Signature2018()],
      documentLoader: loaderOf(known),
      now,
    });
    if (result.verified) return { verdict: "VERIFIED", reason: null };
    const causes = [...(result.results ?? []).map(({ error }) => error), ...(result.error?.errors ?? []), result.error];
    return invalid(`Signature: ${causes.find((cause) => cause?.message)?.message ?? "not verified"}`);
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
}

/** Guardian wraps the subject's schema in one of the credential that allows seven members, and five in its proof. */
function misfitOf(credential: unknown, subject: JsonObject): string | null {
  const string = { type: "string" };
  const strings = { oneOf: [string, { type: "array", items: string }] };
  const reference = { $ref: subject.$id };
  const ajv = new Ajv({ allErrors: true, logger: false });
  formats.default(ajv);
  const validate = ajv.compile({
    type: "object",
    properties: {
      "@context": strings,
      id: string,
      type: strings,
      issuer: { oneOf: [string, { type: "object", properties: { id: string, group: string }, required: ["id"] }] },
      issuanceDate: string,
      credentialSubject: { oneOf: [reference, { type: "array", items: reference }] },
      proof: {
        type: "object",
        properties: { type: strings, created: string, proofPurpose: string, verificationMethod: string, jws: string },
        additionalProperties: false,
      },
    },
    required: ["@context"],
    additionalProperties: false,
    $defs: { [String(subject.$id)]: subject },
  });
  if (validate(credential)) return null;
  return ajv.errorsText(validate.errors, { dataVar: "credential" });
}

/** Guardian's loaders: contexts of packages and of its schemas, and DID documents in the form that the signature suite wants. */
function loaderOf(known: {
  policies: readonly SimulatedPolicy[];
  didDocuments: ReadonlyMap<string, DidDocument>;
}): Loader {
  return async (url) => {
    const found = (document: unknown) => ({ documentUrl: url, document });
    if (url === Ed25519Signature2018.CONTEXT_URL) return found(Ed25519Signature2018.CONTEXT);
    const published = credentialContexts.get(url) ?? security.contexts.get(url);
    if (published) return found(published);
    const policy = known.policies.find(({ contextUrl }) => contextUrl === url);
    if (policy) return found(withItsVocabulary(policy.context));
    const [did = "", fragment] = url.split("#");
    const document = known.didDocuments.get(did);
    if (!document) throw new Error(`IRI not found: ${url}`);
    if (fragment === undefined) {
      const assertionMethod = document.assertionMethod.map((id) => (id.startsWith("#") ? did + id : id));
      return found({ ...document, assertionMethod });
    }
    const method = document.verificationMethod.find(({ id }) => id === url);
    if (method?.type !== "Ed25519VerificationKey2018") throw new Error(`No Ed25519 key: ${url}`);
    return found({ "@context": Ed25519Signature2018.CONTEXT_URL, ...method });
  };
}

function withItsVocabulary(document: JsonObject): JsonObject {
  const context = document["@context"] as JsonObject;
  return "@vocab" in context ? { ...document, "@context": { ...context, "@vocab": UNDEFINED_TERM } } : document;
}
