import type { ReactNode } from "react";

/** What an action on many would do, line by line. */
export function Effect({ children }: { children: ReactNode }) {
  return <div className="effect">{children}</div>;
}

export function EffectLine({ name, value, note }: { name: string; value: ReactNode; note?: string }) {
  return (
    <div>
      <span>{name}</span>
      <b>{value}</b>
      {note && <small>{note}</small>}
    </div>
  );
}
