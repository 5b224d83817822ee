import product from "../../../package.json" with { type: "json" };

/** Names what made a record, in its evidence: the release, and the SHA-256 of the sources that it was built from. */
export function codeVersionOf(sources: string | undefined): string {
  return `${product.name} ${product.version} (${sources ? `sources ${sources}` : "not a build"})`;
}

export const codeVersion = codeVersionOf(process.env.METERPROOF_SOURCES);
