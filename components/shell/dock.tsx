"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { Permission } from "@/lib/auth/roles";
import { Icon } from "../ui/icon";
import { Menu, MenuChoice, MenuItem, MenuLink, MenuRule } from "../ui/menu";
import { useZones } from "../ui/zone";
import { SignOutItem } from "./account-menu";
import { countLooks, dockFor, isCurrent } from "./navigation";
import type { Counts } from "./shell";
import { zoneOptions } from "./zone-switch";

/** Below 720 px: four places and More. */
export function Dock({
  counts,
  allowed,
  onFind,
  onChangePassword,
}: {
  counts: Counts;
  allowed: readonly Permission[];
  onFind: () => void;
  onChangePassword: () => void;
}) {
  const pathname = usePathname();
  const { mode, setMode } = useZones();
  const { dock, more } = dockFor(allowed);
  return (
    <nav className="dock" aria-label="Main, short">
      {dock.map((entry) => {
        const count = entry.count ? counts[entry.count] : 0;
        return (
          <Link key={entry.href} href={entry.href} aria-current={isCurrent(entry.href, pathname) ? "page" : undefined}>
            <Icon name={entry.icon} />
            {entry.short ?? entry.label}
            {entry.count && count > 0 && (
              <span className={`pip ${countLooks[entry.count].state}`}>
                {count > 99 ? "99+" : count}
                <span className="sr"> {countLooks[entry.count].word}</span>
              </span>
            )}
          </Link>
        );
      })}
      <Menu
        align="end"
        side="top"
        trigger={
          <button type="button">
            <Icon name="menu" />
            More
          </button>
        }
      >
        {more.map((entry) => (
          <MenuLink key={entry.href} icon={entry.icon} href={entry.href}>
            {entry.label}
          </MenuLink>
        ))}
        <MenuItem icon="search" onSelect={onFind}>
          Find
        </MenuItem>
        <MenuRule />
        <MenuChoice
          label="Time zone"
          value={mode}
          options={zoneOptions.map(({ value, label }) => ({ value, label: `Times: ${label}` }))}
          onChange={setMode}
        />
        <MenuRule />
        <MenuItem icon="key" onSelect={onChangePassword}>
          Change password
        </MenuItem>
        <SignOutItem />
      </Menu>
    </nav>
  );
}
