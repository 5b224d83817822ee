import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** What a page shows that needs a meter while there is none: the way to the first one. `children`: what then stands here. */
export function NoMetersYet({ canEdit, children }: { canEdit: boolean; children: ReactNode }) {
  return (
    <Empty
      title="No meters yet"
      action={
        canEdit ? (
          <LinkButton href="/meters/new" variant="primary" icon="plus">
            Add meter
          </LinkButton>
        ) : undefined
      }
    >
      {canEdit ? "Add the first one: " : "An operator or an administrator adds the first one: "}
      {children}
    </Empty>
  );
}
