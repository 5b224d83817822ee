import type { ReactNode } from "react";

/** What an action on many would do, line by line. */
export function Effect({ isCounting, children }: { isCounting?: boolean; children: ReactNode }) {
  return (
    <div className="effect" aria-busy={isCounting}>
      {children}
    </div>
  );
}

export function EffectLine({ name, value, note }: { name: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div>
      <span>{name}</span>
      <b>{value}</b>
      {note && <small>{note}</small>}
    </div>
  );
}
