import type { Metadata } from "next";
import { AddToken } from "@/components/settings/add-token";
import { SettingsTabs } from "@/components/settings/settings-tabs";
import { TokenTable } from "@/components/settings/token-table";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { meterNames } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { listTokens } from "@/lib/tokens/queries";
import { createTokenAction, revokeTokenAction } from "../actions";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const actor = await requireActor();
  if (!can(actor, "tokens:edit")) return null;
  const ctx = { db: getDb(), actor };
  const [tokens, meters] = await Promise.all([listTokens(ctx), meterNames(ctx)]);
  const names = new Map(meters.map(({ id, name }) => [id, name]));
  const now = new Date();
  return (
    <>
      <PageHeader title="Settings" actions={<AddToken meters={meters} create={createTokenAction} />} />
      <SettingsTabs current="tokens" />
      <Card>
        {tokens.length === 0 ? (
          <Empty title="No API tokens yet">
            Programs that read readings or steer jobs send one as <code>Authorization: Bearer</code>. Each is shown
            once, when it is made.
          </Empty>
        ) : (
          <TokenTable
            tokens={tokens.map((token) => ({
              ...token,
              isExpired: token.expiresAt !== null && token.expiresAt <= now,
              meterNames: token.meterIds?.map((id) => names.get(id) ?? "an archived meter") ?? null,
            }))}
            revoke={revokeTokenAction}
          />
        )}
      </Card>
    </>
  );
}
