/** Whose clock times are shown by: the meter's, UTC, or the viewer's. */
export const zoneModes = ["site", "utc", "mine"] as const;
export type ZoneMode = (typeof zoneModes)[number];

export function isZoneMode(text: string | undefined): text is ZoneMode {
  return zoneModes.some((mode) => mode === text);
}
