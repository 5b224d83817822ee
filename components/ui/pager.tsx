import Link from "next/link";
import type { ReactNode } from "react";
import { CardFoot } from "./card";
import { Icon } from "./icon";

/** Foot of a list that is read page by page (keyset): what is shown, then earlier and later as links, null at the ends. */
export function Pager(props: {
  children: ReactNode;
  previous: string | null;
  next: string | null;
  previousLabel?: string;
}) {
  return (
    <CardFoot className="pager">
      {props.children}
      <nav className="row push" aria-label="Pages">
        <Step href={props.previous} label={props.previousLabel ?? "Previous page"} icon="left" />
        <Step href={props.next} label="Next page" icon="right" />
      </nav>
    </CardFoot>
  );
}

function Step({ href, label, icon }: { href: string | null; label: string; icon: "left" | "right" }) {
  if (href === null) {
    return (
      <button type="button" className="btn sm icon" disabled aria-label={label}>
        <Icon name={icon} />
      </button>
    );
  }
  return (
    <Link className="btn sm icon" href={href} aria-label={label} scroll={false}>
      <Icon name={icon} />
    </Link>
  );
}
