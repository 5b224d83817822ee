import { createHash } from "node:crypto";
import jsonld, { type DocumentLoader } from "jsonld";

/** SHA-256 of the canonical N-Quads (URDNA2015, since renamed RDFC-1.0) in safe mode. Throws what jsonld throws. */
export async function canonicalHash(document: object, documentLoader: DocumentLoader): Promise<Buffer> {
  const quads = await jsonld.canonize(document, {
    documentLoader,
    safe: true,
    base: null,
    canonizeOptions: { algorithm: "RDFC-1.0" },
  });
  return createHash("sha256").update(quads).digest();
}
