"use client";

import { Toast as BaseToast } from "@base-ui/react/toast";
import Link from "next/link";
import { type ReactNode, useMemo } from "react";
import { IconButton } from "./button";
import { cx } from "./cx";
import { StateMark, type StateName, states } from "./state";

interface ToastInput {
  title: string;
  detail?: string;
  /** Default: succeeded. Failed stays until it is closed. */
  state?: StateName;
  link?: { href: string; label: string };
}

interface ToastData {
  state: StateName;
  link?: { href: string; label: string };
}

/** `const toast = useToast(); toast({ title: "15 tasks queued", link: { href, label: "Follow" } })` */
export function useToast(): (input: ToastInput) => void {
  const { add } = BaseToast.useToastManager<ToastData>();
  return useMemo(
    () =>
      ({ title, detail, state = "succeeded", link }) => {
        const failed = state === "failed";
        add({
          title,
          description: detail,
          data: { state, link },
          timeout: failed ? 0 : 6000,
          priority: failed ? "high" : "low",
        });
      },
    [add],
  );
}

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <BaseToast.Provider limit={4}>
      {children}
      <BaseToast.Portal>
        <BaseToast.Viewport className="toasts">
          <Toasts />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
}

function Toasts() {
  const { toasts } = BaseToast.useToastManager<ToastData>();
  return toasts.map((toast) => {
    const { state, link } = toast.data ?? { state: "succeeded" as const, link: undefined };
    return (
      <BaseToast.Root key={toast.id} toast={toast} className={cx("toast", states[state].tone)}>
        <StateMark state={state} />
        <div>
          <BaseToast.Title render={<b />} />
          <BaseToast.Description />
        </div>
        <span className="end">
          {link && (
            <Link className="link figs" href={link.href}>
              {link.label}
            </Link>
          )}
          <BaseToast.Close render={<IconButton icon="close" label="Close" />} />
        </span>
      </BaseToast.Root>
    );
  });
}
