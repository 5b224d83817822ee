import { canonicalJson } from "../../audit/chain";
import type { MrvConfig } from "../../guardian/mrv-config";
import type { DevicePreview } from "../schemas";

type Change = DevicePreview["changes"][number];

/** What records name their device by: with another one of these it is another device. */
const identity = ["did", "policyId"] as const;
const others = [
  "policyTag",
  "guardianUrl",
  "installerDid",
  "ref",
  "type",
  "contextUrls",
  "topicId",
  "hederaAccountId",
  "verificationMethod",
  "publicKeyBase58",
] as const;

/** From and to of everything that differs; of the context's terms only that they do. */
export function configChanges(before: MrvConfig, after: MrvConfig): Change[] {
  const changes = [...identity, ...others].flatMap((field): Change[] => {
    const [from, to] = [textOf(before[field]), textOf(after[field])];
    return from === to ? [] : [{ field, from, to, isIdentity: identity.some((each) => each === field) }];
  });
  if (canonicalJson(before.context) !== canonicalJson(after.context)) {
    changes.push({ field: "context", from: "terms as they were", to: "other terms", isIdentity: false });
  }
  return changes;
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(", ") : (value ?? "none");
}
