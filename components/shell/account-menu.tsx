"use client";

import { useState, useTransition } from "react";
import { IconButton } from "../ui/button";
import { initialsOf } from "../ui/initials";
import { Menu, MenuItem, MenuRule } from "../ui/menu";
import { ChangePassword } from "./change-password";
import type { Person } from "./shell";
import { useShellActions } from "./shell-actions";

export function AccountMenu({ person }: { person: Person }) {
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <span className="avatar" aria-hidden="true">
        {initialsOf(person.name)}
      </span>
      <div>
        <b>{person.name}</b>
        <span className="r">{person.roles}</span>
      </div>
      <Menu side="top" align="end" trigger={<IconButton icon="more" label="Account" className="push" />}>
        <MenuItem icon="key" onSelect={() => setChanging(true)}>
          Change password
        </MenuItem>
        <MenuRule />
        <SignOutItem />
      </Menu>
      <ChangePassword open={isChanging} onOpenChange={setChanging} />
    </>
  );
}

export function SignOutItem() {
  const [, start] = useTransition();
  const { signOut } = useShellActions();
  return (
    <MenuItem icon="signOut" onSelect={() => start(async () => void (await signOut(null, {})))}>
      Sign out
    </MenuItem>
  );
}
