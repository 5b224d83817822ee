"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import type { ReactElement, ReactNode } from "react";
import { IconButton } from "./button";
import { cx } from "./cx";
import { InsideDialog } from "./portal";

interface OverlayProps {
  title: ReactNode;
  /** A Button that opens it; or control it with `open`. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  wide?: boolean;
  footer?: ReactNode;
  children?: ReactNode;
}

/**
 * A decision with consequences. Name in the title what it is about; the last button of `footer` does it. Wrap a button in
 * `<DialogClose>` to close without doing anything. Escape closes, focus stays inside and returns.
 */
export function Dialog({ title, trigger, open, onOpenChange, wide, footer, children }: OverlayProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <BaseDialog.Trigger render={trigger} />}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup className={cx("dialog", wide && "wide")} data-holds-refresh="">
          <header>
            <BaseDialog.Title>{title}</BaseDialog.Title>
          </header>
          <InsideDialog value={true}>
            <div className="bd">{children}</div>
          </InsideDialog>
          {footer !== undefined && (
            <InsideDialog value={true}>
              <footer>{footer}</footer>
            </InsideDialog>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Detail from the side that keeps the list in view. */
export function Drawer({ title, trigger, open, onOpenChange, wide, footer, children }: OverlayProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <BaseDialog.Trigger render={trigger} />}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup className={cx("drawer", wide && "wide")} data-holds-refresh="">
          <header>
            <BaseDialog.Title>{title}</BaseDialog.Title>
            <BaseDialog.Close render={<IconButton icon="close" label="Close" />} />
          </header>
          <InsideDialog value={true}>
            <div className="bd">{children}</div>
          </InsideDialog>
          {footer !== undefined && (
            <InsideDialog value={true}>
              <footer>{footer}</footer>
            </InsideDialog>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** `<DialogClose><Button>Keep</Button></DialogClose>` */
export function DialogClose({ children }: { children: ReactElement }) {
  return <BaseDialog.Close render={children} />;
}
