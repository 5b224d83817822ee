import { metricOf } from "../metrics/registry";
import { carbonTons, roundTo } from "../units";
import type { Factor } from "./factors-for";

const { decimals } = metricOf("carbonTons");

/** Tonnes CO2-e as they are stored, of an energy in kWh at a factor's value: the one way, for transformation and recompute. */
export function carbonOf(energyKwh: number, factorValue: number): number {
  return roundTo(carbonTons(energyKwh, factorValue), decimals);
}

/** From this instant on, epoch milliseconds, readings are computed with this factor; null: with none. */
export interface FactorStretch {
  from: number;
  factor: Factor | null;
}

/** What the first factor that holds gives for every instant, as stretches one after another. Before the first there is none. */
export function stretchesOf(factors: readonly Factor[]): FactorStretch[] {
  const edges = [...new Set(factors.flatMap(({ from, to }) => [from, to]))]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return edges.map((from) => ({ from, factor: factors.find((each) => from >= each.from && from < each.to) ?? null }));
}
