"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import type { Permission } from "@/lib/auth/roles";
import { IconButton } from "../ui/button";
import { mayLeaveFor } from "../ui/leave-guard";
import { remember } from "../ui/remember";
import { BrandMark } from "./brand";
import { ChangePassword } from "./change-password";
import { Clock } from "./clock";
import { Dock } from "./dock";
import { HelpDialog } from "./help-dialog";
import { type Key, useKeys } from "./keys";
import { entriesFor } from "./navigation";
import { Palette } from "./palette";
import { Sidebar } from "./sidebar";
import { ThemeSwitch } from "./theme-switch";
import { ZoneSwitch } from "./zone-switch";

export interface Person {
  name: string;
  /** `Reviewer, operator`. */
  roles: string;
  allowed: readonly Permission[];
}

export interface Counts {
  failedTasks: number;
  /** Records that wait for a decision, also those with failed checks. */
  toReview: number;
}

/** Everything around a page of the console. */
export function Shell(props: { person: Person; counts: Counts; initiallySlim: boolean; children: ReactNode }) {
  const { person, counts, initiallySlim, children } = props;
  const router = useRouter();
  const [isSlim, setSlim] = useState(initiallySlim);
  const [open, setOpen] = useState<"find" | "help" | "password" | null>(null);
  const opener = (which: "find" | "help" | "password") => (isOpen: boolean) => setOpen(isOpen ? which : null);

  const { allowed } = person;
  const keys = useMemo<Key[]>(
    () => [
      {
        key: "mod+k",
        label: "Find a meter, a device, a job, a record or a page (⌘ or Ctrl)",
        run: () => setOpen("find"),
      },
      { key: "/", label: "Find", run: () => setOpen("find") },
      { key: "?", label: "These keys", run: () => setOpen("help") },
      ...entriesFor(allowed).map((entry) => ({
        key: `g ${entry.key}`,
        label: `Go to ${entry.label}`,
        run: () => mayLeaveFor(entry.href) && router.push(entry.href),
      })),
    ],
    [router, allowed],
  );
  useKeys("Everywhere", keys);

  const fold = () => {
    remember("sidebar", isSlim ? "wide" : "slim");
    setSlim(!isSlim);
  };

  return (
    <div className="app" data-slim={isSlim}>
      <Sidebar person={person} counts={counts} isSlim={isSlim} onFold={fold} onFind={() => setOpen("find")} />
      <div className="frame">
        <header className="top">
          <Link className="brand-m" href="/" aria-label="Overview">
            <BrandMark size={18} />
          </Link>
          <div className="end">
            <Clock />
            <ZoneSwitch />
            <IconButton className="hide-m" icon="help" label="Keys" onClick={() => setOpen("help")} />
            <ThemeSwitch />
          </div>
        </header>
        <main id="main" className="page" tabIndex={-1}>
          {children}
        </main>
      </div>
      <Dock
        counts={counts}
        allowed={allowed}
        onFind={() => setOpen("find")}
        onChangePassword={() => setOpen("password")}
      />
      <Palette allowed={allowed} open={open === "find"} onOpenChange={opener("find")} />
      <HelpDialog open={open === "help"} onOpenChange={opener("help")} />
      <ChangePassword open={open === "password"} onOpenChange={opener("password")} />
    </div>
  );
}
