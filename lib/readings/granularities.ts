/** `raw`: readings as they are; the others are civil in the zone asked for. */
export const granularities = ["raw", "PT30M", "PT1H", "P1D", "P1M"] as const;
export type Granularity = (typeof granularities)[number];
