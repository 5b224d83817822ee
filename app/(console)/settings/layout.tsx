import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";

/** Says so instead of failing where somebody follows a link that is not for them; the verbs refuse by themselves. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  if (can(actor, "users:edit") && can(actor, "tokens:edit") && can(actor, "settings:edit")) return children;
  return (
    <>
      <PageHeader title="Settings" />
      <Card>
        <Empty title="For administrators">
          Users, roles, API tokens and notifications are theirs to change. Ask one of them.
        </Empty>
      </Card>
    </>
  );
}
