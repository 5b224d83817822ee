/** The part of jsonld 9 that is used here; the package has no types of its own. */
declare module "jsonld" {
  export interface RemoteDocument {
    contextUrl: null;
    documentUrl: string;
    document: unknown;
    /** `static` lets jsonld keep the context, resolved and processed, for the life of the process. */
    tag?: "static";
  }

  export type DocumentLoader = (url: string) => Promise<RemoteDocument>;

  export interface CanonizeOptions {
    documentLoader: DocumentLoader;
    /** Refuses what would silently drop out of the result: terms without a definition, relative identifiers. */
    safe: true;
    base: null;
    canonizeOptions: { algorithm: "RDFC-1.0" };
  }

  const jsonld: { canonize(document: object, options: CanonizeOptions): Promise<string> };
  export default jsonld;
}
