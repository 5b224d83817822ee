import type { ReactNode } from "react";
import { StateMark, type StateName, states } from "@/components/ui/state";

/** What a person has to know or do about a record, and the buttons for it. */
export function What(props: { state: StateName; title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={`what ${states[props.state].tone}`}>
      <StateMark state={props.state} />
      <h2>{props.title}</h2>
      <div className="say">{props.children}</div>
      {props.action && <div className="row wrap">{props.action}</div>}
    </section>
  );
}
