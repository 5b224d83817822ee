import type { Permission } from "@/lib/auth/roles";
import type { IconName } from "../ui/icon";

export interface Entry {
  href: string;
  label: string;
  icon: IconName;
  /** After `g`. */
  key: string;
  /** Which of the counts stands beside it. */
  count?: "failedTasks";
  /** Shown only to those who have it; by default to everybody. The page itself refuses the others. */
  needs?: Permission;
}

interface Section {
  label: string;
  title?: string;
  entries: readonly Entry[];
}

/** Only pages that exist. */
const sections: readonly Section[] = [
  {
    label: "Main",
    entries: [
      { href: "/", label: "Overview", icon: "home", key: "o" },
      { href: "/meters", label: "Meters", icon: "meter", key: "m" },
      { href: "/devices", label: "Devices", icon: "device", key: "v" },
      { href: "/data", label: "Data", icon: "data", key: "d" },
    ],
  },
  {
    label: "Collect",
    title: "Collect",
    entries: [
      { href: "/jobs", label: "Jobs", icon: "job", key: "j" },
      { href: "/tasks", label: "Tasks", icon: "task", key: "t", count: "failedTasks" },
    ],
  },
  {
    label: "Admin",
    title: "Admin",
    entries: [
      { href: "/factors", label: "Emission factors", icon: "leaf", key: "e" },
      { href: "/activity", label: "Activity", icon: "activity", key: "a", needs: "audit:read" },
      { href: "/settings", label: "Settings", icon: "settings", key: "s", needs: "users:edit" },
    ],
  },
];

/** What somebody with these permissions finds in the sidebar. */
export function sectionsFor(allowed: readonly Permission[]): Section[] {
  return sections
    .map((section) => ({
      ...section,
      entries: section.entries.filter(({ needs }) => needs === undefined || allowed.includes(needs)),
    }))
    .filter((section) => section.entries.length > 0);
}

export function entriesFor(allowed: readonly Permission[]): Entry[] {
  return sectionsFor(allowed).flatMap((section) => section.entries);
}

/** The dock of a phone has room for four and More. */
export function dockFor(allowed: readonly Permission[]): { dock: Entry[]; more: Entry[] } {
  const all = entriesFor(allowed);
  const dock = all.filter((entry) => entry.href !== "/data" && entry.href !== "/devices").slice(0, 4);
  return { dock, more: all.filter((entry) => !dock.includes(entry)) };
}

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
