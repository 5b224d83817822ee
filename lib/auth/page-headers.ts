import { isSecure } from "./session-token";

/**
 * What a page may load and who may frame it. Scripts need the nonce, which Next gives to its own; styles are inline, because
 * charts and overlays place things by the style attribute.
 */
export function contentSecurityPolicy(nonce: string): string {
  // React's development build evaluates text to rebuild the server's stacks.
  const evaluate = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${evaluate}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Only where people come by https: told once, a browser would refuse plain http on loopback for ever. */
export function strictTransport(): string | null {
  return isSecure() ? "max-age=31536000" : null;
}
