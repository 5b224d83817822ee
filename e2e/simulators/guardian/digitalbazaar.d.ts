/** The parts used here of packages that have no types of their own. */
declare module "@digitalbazaar/vc" {
  export interface VerificationResult {
    verified: boolean;
    error?: Error & { errors?: Error[] };
    results?: { verified: boolean; error?: Error }[];
  }
  export type Loader = (url: string) => Promise<{ documentUrl: string; document: unknown }>;
  export function verifyCredential(options: {
    credential: unknown;
    suite: unknown[];
    documentLoader: Loader;
    now?: Date;
  }): Promise<VerificationResult>;
}

declare module "@digitalbazaar/ed25519-signature-2018" {
  export const Ed25519Signature2018: { new (): object; readonly CONTEXT_URL: string; readonly CONTEXT: object };
}

declare module "@digitalbazaar/credentials-context" {
  export const contexts: Map<string, object>;
}

declare module "@digitalbazaar/security-context" {
  const security: { contexts: Map<string, object> };
  export default security;
}
