import type { ReactNode } from "react";

/** Nothing here yet: a title, why, and the next step as `action`. */
export function Empty({ title, children, action }: { title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <div className="art-e" aria-hidden="true">
        {cells.map((cell) => (
          <i key={cell} className={cell > 9 && cell < 17 ? "on" : undefined} />
        ))}
      </div>
      <b>{title}</b>
      {children !== undefined && <p>{children}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  );
}

const cells = Array.from({ length: 27 }, (_, index) => index);
