import { sql } from "drizzle-orm";
import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { audit } from "../audit/audit";
import { users } from "../db/schema";
import { withTx } from "../db/tx";
import { env } from "../env";
import { AppError } from "../errors";
import { getDb } from "../runtime";
import { type OidcProfile, oidcSettings, userOfOidcProfile } from "./oidc";
import { isSecure, SESSION_SECONDS, sessionCookie } from "./session-token";
import { signIn } from "./sign-in";

/** Built at the first request, so that a build needs no environment. */
export function authOptions(): AuthOptions {
  const oidc = oidcSettings();
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    useSecureCookies: isSecure(),
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [passwordProvider(), ...(oidc ? [oidcProvider(oidc)] : [])],
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.provider !== "oidc") return true;
        return (await userOfOidcProfile(getDb(), profile as OidcProfile)) ? true : "/sign-in?error=OidcNoUser";
      },
      // Nothing but who and which epoch goes into the cookie; everything else is read from the database each time.
      async jwt({ token, user, account, profile }) {
        if (!user || !account) return token;
        if (account.provider !== "oidc") return { sub: user.id, epoch: (user as { epoch?: number }).epoch };
        const known = await userOfOidcProfile(getDb(), profile as OidcProfile);
        if (!known) throw new AppError("unauthenticated", 401, "No account has this e-mail address.");
        await withTx(getDb(), async (tx) => {
          await tx.update(users).set({ lastSignInAt: sql`now()` }).where(sql`${users.id} = ${known.id}`);
          const actor = { kind: "user", id: known.id, name: known.name, roles: known.roles } as const;
          await audit(tx, actor, "user.signed-in", {
            objectType: "user",
            objectId: known.id,
            details: { with: "oidc" },
          });
        });
        return { sub: known.id, epoch: known.sessionEpoch };
      },
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

function passwordProvider() {
  return CredentialsProvider({
    id: "credentials",
    credentials: { email: { label: "E-mail", type: "email" }, password: { label: "Password", type: "password" } },
    async authorize(credentials) {
      try {
        const { userId, epoch } = await signIn(getDb(), credentials ?? { email: "", password: "" });
        return { id: userId, epoch };
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
    },
  });
}

function oidcProvider(settings: { issuer: string; clientId: string; clientSecret: string }): OAuthConfig<OidcProfile> {
  return {
    id: "oidc",
    name: "Single sign-on",
    type: "oauth",
    wellKnown: `${settings.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    profile: (profile) => ({ id: profile.sub, email: profile.email ?? null, name: null }),
  };
}
