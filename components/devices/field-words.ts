/** What members of a config and fields of the form are called here. */
export const fieldWords: Record<string, string> = {
  name: "Name",
  mrvConfig: "MRV config",
  guardianUrl: "Guardian address",
  schema: "JSON schema",
  did: "DID",
  policyId: "Policy",
  policyTag: "Policy tag",
  installerDid: "Installer",
  ref: "Named as",
  type: "Record type",
  contextUrls: "Context",
  context: "Terms of the context",
  topicId: "Topic",
  hederaAccountId: "Account",
  verificationMethod: "Key name",
  publicKeyBase58: "Public key",
};

/** For the summary of a refused form: faults inside the config lead to its field. */
export function labelOfField(name: string): { label: string; input: string } {
  const [input = name, ...below] = name.split(".");
  const label = fieldWords[input] ?? input;
  return { label: below.length > 0 ? `${label}, ${below.join(".")}` : label, input };
}
