import { createHash } from "node:crypto";
import { contextOf, schemaOf } from "./schemas";

/** A policy as far as it takes records: one external data block and the schema of its records. */
export interface SimulatedPolicy {
  policyId: string;
  policyTag: string;
  blockTag: string;
  topicId: string;
  /** `<uuid>&<version>`, and the uuid alone in a dry run. */
  type: string;
  contextUrl: string;
  /** The JSON-LD context document of the type. */
  context: Record<string, unknown>;
  /** The JSON schema of the credential subject. */
  schema: Record<string, unknown>;
}

export interface PolicyStyle {
  /** `text`: three texts, `accountId` and `policyId`. `typed`: numbers, times, a nested site, `policyId` and `ref`. */
  fields: "text" | "typed";
  /**
   * `one-term` maps every field to schema.org's text, as Guardian does; `own-terms` gives each its own, and a vocabulary. `dry-run` is what a policy
   * hands out that is only tried: types without a version, an address that nothing is behind, and text as the type of each value.
   */
  context: "one-term" | "own-terms" | "dry-run";
}

/** A policy that follows from seed and style alone. */
export function createPolicy(seed: number, style: PolicyStyle): SimulatedPolicy {
  const name = `${style.fields} ${style.context}`;
  const hex = (what: string) => createHash("sha256").update(`${seed} ${name} ${what}`).digest("hex");
  const version = style.context === "dry-run" ? "" : "&1.0.0";
  const type = `${uuidOf(hex("type"))}${version}`;
  const siteType = `${uuidOf(hex("site"))}${version}`;
  const cid = `bafkrei${hex("context").slice(0, 52)}`;
  const contextUrl = {
    "one-term": `https://ipfs.io/ipfs/${cid}`,
    "own-terms": `ipfs://${cid}`,
    "dry-run": `schema:${type}`,
  }[style.context];
  const names = { type, siteType, contextUrl };
  return {
    policyId: hex("policy").slice(0, 24),
    policyTag: `Tag_${String(Number.parseInt(hex("tag").slice(0, 11), 16)).padStart(13, "1")}`,
    blockTag: "external_mrv_data",
    topicId: `0.0.${4_000 + seed}`,
    type,
    contextUrl,
    context: contextOf(names, style),
    schema: schemaOf(names, style.fields),
  };
}

/** The two policies of a simulator that is started without others. */
export function createPolicies(seed: number): SimulatedPolicy[] {
  return [
    createPolicy(seed, { fields: "text", context: "one-term" }),
    createPolicy(seed, { fields: "typed", context: "own-terms" }),
  ];
}

function uuidOf(hex: string): string {
  const group = (from: number, to: number) => hex.slice(from, to);
  return [group(0, 8), group(8, 12), `4${group(13, 16)}`, `a${group(17, 20)}`, group(20, 32)].join("-");
}
