/** A text, such as a vendor's answer that repeats the key it was given, without the credential in it. */
export function withoutCredential(text: string, credential: string): string {
  let clean = text;
  for (const secret of secretsIn(credential)) clean = clean.replaceAll(secret, "[removed]");
  return clean;
}

/** The text itself, and every long value where it is JSON (S3). */
function secretsIn(credential: string): string[] {
  const secrets = credential === "" ? [] : [credential];
  try {
    const parsed: unknown = JSON.parse(credential);
    if (parsed !== null && typeof parsed === "object") {
      const { secretAccessKey, sessionToken } = parsed as Record<string, unknown>;
      for (const value of [secretAccessKey, sessionToken]) if (typeof value === "string") secrets.push(value);
    }
  } catch {
    // An API key is no JSON, and secret as a whole.
    return secrets;
  }
  return secrets.filter((secret) => secret.length >= 4);
}
