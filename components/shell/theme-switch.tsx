"use client";

import { Icon } from "../ui/icon";
import { remember } from "../ui/remember";

/** Follows the system until it is pressed once, then remembers. Which icon shows is CSS, so it needs no script to be right. */
export function ThemeSwitch({ className }: { className?: string }) {
  return (
    <button
      type="button"
      className={`ib ${className ?? ""}`}
      aria-label="Switch between light and dark"
      onClick={switchTheme}
    >
      <span className="i-sun">
        <Icon name="sun" />
      </span>
      <span className="i-moon">
        <Icon name="moon" />
      </span>
    </button>
  );
}

function switchTheme() {
  const root = document.documentElement;
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark;
  root.dataset.theme = isDark ? "light" : "dark";
  remember("theme", root.dataset.theme);
}
