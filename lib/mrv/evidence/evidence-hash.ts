import { canonicalJson } from "../../audit/chain";
import { sha256Hex } from "../../secrets";
import type { EvidenceManifest } from "./manifest";

/** SHA-256, lower-case hex, of the manifest's canonical JSON. */
export function evidenceHash(manifest: EvidenceManifest): string {
  return sha256Hex(canonicalJson(manifest));
}
