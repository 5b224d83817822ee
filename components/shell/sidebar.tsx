"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { formatNumber } from "../ui/format";
import { Icon } from "../ui/icon";
import { Kbd } from "../ui/kbd";
import { StateMark } from "../ui/state";
import { AccountMenu } from "./account-menu";
import { BrandMark } from "./brand";
import { countLooks, type Entry, isCurrent, sectionsFor } from "./navigation";
import type { Counts, Person } from "./shell";

export function Sidebar(props: {
  person: Person;
  counts: Counts;
  isSlim: boolean;
  onFold: () => void;
  onFind: () => void;
}) {
  const { person, counts, isSlim, onFold, onFind } = props;
  const pathname = usePathname();
  return (
    <aside className="side" aria-label="Sidebar">
      <div className="side-in">
        <Link className="brand" href="/" aria-label="Meterproof, overview">
          <BrandMark />
          <span>Meterproof</span>
        </Link>
        <button className="cmd" type="button" onClick={onFind}>
          <Icon name="search" />
          <span>Find</span>
          <Kbd>⌘K</Kbd>
        </button>
        {sectionsFor(person.allowed).map((section) => (
          <nav key={section.label} className="nav" aria-label={section.label}>
            {section.title && <h2>{section.title}</h2>}
            {section.entries.map((entry) => (
              <Link
                key={entry.href}
                href={entry.href}
                aria-current={isCurrent(entry.href, pathname) ? "page" : undefined}
                title={isSlim ? entry.label : undefined}
              >
                <Icon name={entry.icon} />
                <span>{entry.label}</span>
                <EntryCount entry={entry} counts={counts} />
              </Link>
            ))}
          </nav>
        ))}
        <button
          type="button"
          className="ib fold"
          aria-label={isSlim ? "Widen the sidebar" : "Narrow the sidebar"}
          aria-expanded={!isSlim}
          onClick={onFold}
        >
          <Icon name={isSlim ? "unfold" : "fold"} />
        </button>
        <div className="side-foot">
          <AccountMenu person={person} />
        </div>
      </div>
    </aside>
  );
}

function EntryCount({ entry, counts }: { entry: Entry; counts: Counts }) {
  if (!entry.count || counts[entry.count] === 0) return null;
  const count = counts[entry.count];
  const look = countLooks[entry.count];
  return (
    <span className={`n ${look.state}`}>
      <StateMark state={look.state} />
      {formatNumber(count)}
      <span className="sr"> {look.word}</span>
    </span>
  );
}
