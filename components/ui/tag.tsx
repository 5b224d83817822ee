import type { ReactNode } from "react";

/** A neutral word in a hairline box: a type, a duration. Never a state. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className="tag">{children}</span>;
}

/** A small number beside a word. */
export function Count({ children }: { children: ReactNode }) {
  return <span className="count">{children}</span>;
}
