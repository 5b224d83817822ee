import { and, isNull, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { users } from "../db/schema";
import { env } from "../env";

export interface OidcProfile {
  sub: string;
  email?: string;
  email_verified?: boolean;
}

/** Null where single sign-on is not configured. */
export function oidcSettings(): { issuer: string; clientId: string; clientSecret: string } | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = env();
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return null;
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET };
}

/**
 * The account that an identity provider's person has here: by e-mail address, and only if the provider says that it
 * checked the address. Accounts are never made by signing in; a disabled one stays disabled.
 */
export async function userOfOidcProfile(db: Db, profile: OidcProfile | undefined) {
  if (!profile?.email || profile.email_verified !== true) return null;
  const [user] = await db
    .select({ id: users.id, name: users.name, roles: users.roles, sessionEpoch: users.sessionEpoch })
    .from(users)
    .where(and(sql`lower(${users.email}) = ${profile.email.trim().toLowerCase()}`, isNull(users.disabledAt)));
  return user ?? null;
}
