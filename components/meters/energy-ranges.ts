/** How far back the chart of a meter's page goes, today included. */
export const energyRanges = ["P1D", "P7D", "P30D"] as const;
export type EnergyRange = (typeof energyRanges)[number];
