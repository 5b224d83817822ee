import type { IconName } from "../ui/icon";

export interface Entry {
  href: string;
  label: string;
  icon: IconName;
  /** After `g`. */
  key: string;
  /** Which of the counts stands beside it. */
  count?: "failedTasks";
}

/** Only pages that exist. */
export const sections: readonly { label: string; title?: string; entries: readonly Entry[] }[] = [
  {
    label: "Main",
    entries: [
      { href: "/", label: "Overview", icon: "home", key: "o" },
      { href: "/meters", label: "Meters", icon: "meter", key: "m" },
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
];

export const entries = sections.flatMap((section) => section.entries);

/** The dock of a phone has room for four and More. */
export const dockEntries = entries.filter((entry) => entry.href !== "/data").slice(0, 4);
export const moreEntries = entries.filter((entry) => !dockEntries.includes(entry));

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
