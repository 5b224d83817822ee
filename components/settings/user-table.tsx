"use client";

import { useMemo } from "react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { State } from "@/components/ui/state";
import { Age } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { UserDto } from "@/lib/users/schemas";
import { EditUser } from "./edit-user";
import { roleWords, type UserRow } from "./user-row";

/** Everybody who has an account. */
export function UserTable(props: { users: readonly UserRow[]; ownId: string; update: Action<UserDto> }) {
  const { users, ownId, update } = props;
  const columns = useMemo(() => columnsOf(ownId, update), [ownId, update]);
  return <DataTable label="Users" columns={columns} rows={users} twoLines />;
}

function columnsOf(ownId: string, update: Action<UserDto>): readonly Column<UserRow>[] {
  return [
    {
      id: "name",
      header: "User",
      list: 1,
      sortValue: (user) => user.name.toLowerCase(),
      cell: (user) => (
        <span className="two">
          <b>
            {user.name}
            {user.id === ownId && ", you"}
          </b>
          <span>{user.email}</span>
        </span>
      ),
    },
    { id: "roles", header: "Roles", list: 3, cell: (user) => roleWords(user.roles) },
    { id: "state", header: "State", list: 2, cell: (user) => <UserState user={user} /> },
    {
      id: "seen",
      header: "Last sign-in",
      drop: 1,
      sortValue: (user) => user.lastSignInAt?.getTime() ?? null,
      cell: (user) => (user.lastSignInAt ? <Age at={user.lastSignInAt} /> : <span className="qq">never</span>),
    },
    { id: "since", header: "Added", drop: 2, cell: (user) => <Age at={user.createdAt} /> },
    {
      id: "edit",
      header: <span className="sr">Change</span>,
      right: true,
      list: 3,
      cell: (user) => <EditUser user={user} isSelf={user.id === ownId} update={update} />,
    },
  ];
}

function UserState({ user }: { user: UserRow }) {
  if (user.isDisabled) return <State state="cancelled">Disabled</State>;
  if (user.isLocked) return <State state="waiting">Locked</State>;
  return <State state="succeeded">Active</State>;
}
