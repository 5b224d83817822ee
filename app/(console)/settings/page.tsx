import type { Metadata } from "next";
import { AddUser } from "@/components/settings/add-user";
import { SettingsTabs } from "@/components/settings/settings-tabs";
import { UserTable } from "@/components/settings/user-table";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { getDb } from "@/lib/runtime";
import { listUsers } from "@/lib/users/queries";
import { createUserAction, updateUserAction } from "./actions";

export const metadata: Metadata = { title: "Settings" };

export default async function UsersPage() {
  const actor = await requireActor();
  if (!can(actor, "users:edit")) return null;
  const users = await listUsers({ db: getDb(), actor });
  const now = new Date();
  const disabled = users.filter(({ isDisabled }) => isDisabled).length;
  const locked = users.filter(({ lockedUntil }) => lockedUntil && lockedUntil > now).length;
  return (
    <>
      <PageHeader
        title="Settings"
        state={
          <>
            <State state="succeeded">{users.length - disabled} active</State>
            {locked > 0 && <State state="waiting">{locked} locked</State>}
            {disabled > 0 && <State state="cancelled">{disabled} disabled</State>}
          </>
        }
        actions={<AddUser create={createUserAction} />}
      />
      <SettingsTabs current="users" />
      <Card>
        <UserTable
          users={users.map((user) => ({ ...user, isLocked: user.lockedUntil !== null && user.lockedUntil > now }))}
          ownId={actor.id}
          update={updateUserAction}
        />
      </Card>
    </>
  );
}
