import type { ReactNode } from "react";

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="h2">{title}</h3>
      <dl className="kv l">{children}</dl>
    </section>
  );
}

export function Line({ name, note, children }: { name: ReactNode; note?: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children}
        {note && <span className="figs qq block">{note}</span>}
      </dd>
    </>
  );
}
