import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { preferences } from "@/components/ui/remember";
import "./globals.css";

export const metadata: Metadata = {
  title: { template: "%s · Meterproof", default: "Meterproof" },
  description: "Collects energy meter data and proves every figure made from it.",
  robots: { index: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafbfc" },
    { media: "(prefers-color-scheme: dark)", color: "#0c1114" },
  ],
};

/**
 * The theme is a cookie, so the first byte of HTML already has it: no script, no flash. Without a choice there is no
 * attribute and CSS follows the system.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get(preferences.theme)?.value;
  return (
    <html
      lang="en-AU"
      className={cx(GeistSans.variable, GeistMono.variable)}
      data-theme={theme === "dark" || theme === "light" ? theme : undefined}
      suppressHydrationWarning
    >
      <body>{children}</body>
    </html>
  );
}
