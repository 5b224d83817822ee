"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import { type ReactElement, type ReactNode, useState } from "react";
import { usePortalContainer } from "./portal";

/** A small form behind a chip or button. `children` get `close`, to end with a choice; Escape and a press outside close too. */
export function Popover(props: {
  trigger: ReactElement;
  /** Said to screen readers. */
  label: string;
  align?: "start" | "end";
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <BasePopover.Root open={isOpen} onOpenChange={setOpen}>
      <BasePopover.Trigger render={props.trigger} />
      <BasePopover.Portal container={usePortalContainer()}>
        <BasePopover.Positioner className="layer" sideOffset={4} align={props.align ?? "start"}>
          <BasePopover.Popup className="popup pop" aria-label={props.label} data-holds-refresh="">
            {props.children(() => setOpen(false))}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
