import type { DocumentLoader } from "jsonld";
import credentialsV1 from "./credentials-v1.json" with { type: "json" };
import securityV1 from "./security-v1.json" with { type: "json" };
import securityV2 from "./security-v2.json" with { type: "json" };

export const CREDENTIALS_CONTEXT = "https://www.w3.org/2018/credentials/v1";
export const SECURITY_CONTEXT = "https://w3id.org/security/v2";

/** As published by W3C and the Security Vocabulary, embedded: nothing that is signed may depend on what a server answers today. */
const embedded = new Map<string, unknown>([
  [CREDENTIALS_CONTEXT, credentialsV1],
  ["https://w3id.org/security/v1", securityV1],
  [SECURITY_CONTEXT, securityV2],
]);

const UNDEFINED_TERM = "https://w3id.org/traceability/#undefinedTerm";

/** A policy's own context: its document, and the addresses under which subjects name it. */
export interface PolicyContext {
  urls: readonly string[];
  /** `{ "@context": … }` */
  document: Record<string, unknown>;
}

export function isEmbedded(url: string): boolean {
  return embedded.has(url);
}

/**
 * What Guardian makes of a context before it verifies: its loader overwrites `@vocab`, where the context has one, whatever it was. Signing over
 * the original would fail there as soon as a type or term is relative to it.
 */
export function asGuardianReads({ "@context": context, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const isPlain = typeof context === "object" && context !== null && !Array.isArray(context);
  if (!isPlain || !("@vocab" in context)) return { "@context": context, ...rest };
  return { "@context": { ...context, "@vocab": UNDEFINED_TERM }, ...rest };
}

/**
 * Serves the embedded contexts and the policy's own; every other address is an error, so that nothing is ever fetched. Only what is embedded is
 * marked static: jsonld keeps those by address for the whole process, and two policies may use one address for different documents.
 */
export function createContextLoader(policy: PolicyContext): DocumentLoader {
  const own = asGuardianReads(policy.document);
  return async (url) => {
    const known = embedded.get(url);
    if (known) return { contextUrl: null, documentUrl: url, document: known, tag: "static" };
    if (policy.urls.includes(url)) return { contextUrl: null, documentUrl: url, document: own };
    throw new Error(`The context ${url} is neither built in nor in the MRV config.`);
  };
}
