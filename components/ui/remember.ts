const YEAR_SECONDS = 31_536_000;

/** What a viewer chose, kept in a cookie so that the server renders it at once and nothing flashes. */
export const preferences = {
  theme: "mp-theme",
  zone: "mp-zone",
  "my-zone": "mp-my-zone",
  sidebar: "mp-sidebar",
  "meter-views": "mp-meter-views",
  "meter-columns": "mp-meter-columns",
} as const;

export function remember(preference: keyof typeof preferences, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari of two years ago.
  document.cookie = `${preferences[preference]}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
