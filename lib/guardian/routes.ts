/** Which of Guardian's open routes takes a record. `block` names one external data block; otherwise every one of the policy's tag gets it. */
export interface ExternalRoute {
  block?: { policyId: string; blockTag: string };
  /** Answers when the chain of blocks is done, with the results; with `history` those of every step. */
  syncEvents?: { history: boolean };
}

/** The API's address without `/external` and what may follow; null for what is no plain http or https address. */
export function baseOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  return url.origin + url.pathname.replace(/\/+$/, "").replace(/\/external(\/.*)?$/, "");
}

export function routeUrl(base: string, { block, syncEvents }: ExternalRoute): string {
  const parts = [
    base.replace(/\/+$/, ""),
    "external",
    ...(block ? [block.policyId, block.blockTag].map(encodeURIComponent) : []),
    ...(syncEvents ? ["sync-events"] : []),
  ];
  return parts.join("/") + (syncEvents ? `?history=${syncEvents.history}` : "");
}
