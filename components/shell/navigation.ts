import type { Permission } from "@/lib/auth/roles";
import type { IconName } from "../ui/icon";
import type { StateName } from "../ui/state";

export interface Entry {
  href: string;
  label: string;
  /** In the dock of a phone. */
  short?: string;
  icon: IconName;
  /** After `g`. */
  key: string;
  /** Which of the counts stands beside it. */
  count?: "failedTasks" | "toReview";
  /** Shown only to those who have it; by default to everybody. The page itself refuses the others. */
  needs?: Permission;
}

/** What stands beside an entry whose count is not zero. */
export const countLooks = {
  failedTasks: { state: "failed", word: "failed" },
  toReview: { state: "person", word: "to review" },
} as const satisfies Record<NonNullable<Entry["count"]>, { state: StateName; word: string }>;

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
    label: "Prove",
    title: "Prove",
    entries: [
      { href: "/mrv/review", label: "MRV review", short: "Review", icon: "review", key: "r", count: "toReview" },
      { href: "/mrv/records", label: "MRV records", icon: "record", key: "p" },
      { href: "/factors", label: "Emission factors", icon: "leaf", key: "e" },
    ],
  },
  {
    label: "Admin",
    title: "Admin",
    entries: [
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
const docked = ["/", "/meters", "/jobs", "/mrv/review"];

export function dockFor(allowed: readonly Permission[]): { dock: Entry[]; more: Entry[] } {
  const all = entriesFor(allowed);
  const dock = all.filter((entry) => docked.includes(entry.href));
  return { dock, more: all.filter((entry) => !dock.includes(entry)) };
}

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
