import Link from "next/link";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import { Count } from "./tag";

export interface Tab {
  href: string;
  label: ReactNode;
  count?: ReactNode;
  icon?: IconName;
  current?: boolean;
}

/** Tabs change the content of a page, so they are links. */
export function Tabs({ label, tabs, children }: { label: string; tabs: readonly Tab[]; children?: ReactNode }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab.current ? "page" : undefined} scroll={false}>
          {tab.icon && <Icon name={tab.icon} />}
          {tab.label}
          {tab.count !== undefined && <Count>{tab.count}</Count>}
        </Link>
      ))}
      {children}
    </nav>
  );
}
