import Link from "next/link";
import { Fragment, type ReactNode } from "react";

/**
 * Head of a page. `crumbs` (without the page itself) and `title` also stand in the top bar, the latter as `crumb` where it says too little
 * without the page around it. `badge`: at most one, or tags.
 * `state`: facts side by side, each a State or a word. `actions`: one primary at most.
 */
export function PageHeader(props: {
  title: ReactNode;
  crumb?: ReactNode;
  crumbs?: readonly { href: string; label: string }[];
  badge?: ReactNode;
  state?: ReactNode;
  actions?: ReactNode;
}) {
  const { title, crumb = title, crumbs = [], badge, state, actions } = props;
  return (
    <>
      <nav className="crumb" aria-label="Breadcrumb">
        {crumbs.map((crumb) => (
          <Fragment key={crumb.href}>
            <Link href={crumb.href}>{crumb.label}</Link>
            <span className="sep" aria-hidden="true">
              /
            </span>
          </Fragment>
        ))}
        <span aria-current="page">{crumb}</span>
      </nav>
      <div className="phead">
        <div>
          <h1>
            {title}
            {badge}
          </h1>
          {state !== undefined && <div className="stateline">{state}</div>}
        </div>
        {actions !== undefined && <div className="acts">{actions}</div>}
      </div>
    </>
  );
}
