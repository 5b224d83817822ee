/** A DID as it fits a table: its network, the beginning of what identifies it, and its topic. */
export function shortDid(did: string): string {
  const [, network, identifier, rest] = /^(did:hedera:[^:]+:)([1-9A-HJ-NP-Za-km-z]+)(.*)$/.exec(did) ?? [];
  if (!network || !identifier) return did.length > 40 ? `${did.slice(0, 36)}…` : did;
  const topic = /(\d+\.\d+\.\d+)/.exec(rest ?? "")?.[1];
  const start = identifier.length > 8 ? `${identifier.slice(0, 6)}…` : identifier;
  return `${network}${start}${topic ? `_${topic}` : ""}`;
}
