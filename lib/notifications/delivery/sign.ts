import { createHmac } from "node:crypto";

/** `t=<Unix seconds>,v1=<HMAC-SHA256 over "t.body", hex>`, as the README of this folder tells receivers. */
export function signatureOf(body: string, secret: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;
}
