import { connectorOf } from "../../connectors/registry";
import { mrvMetrics } from "../settings";

/** Whether what meters of a type give is computed, as by Solcast: they have no metered metric at all. */
export function isModelledType(type: string): boolean {
  const metered: readonly string[] = mrvMetrics;
  return !connectorOf(type).metrics.some((metric) => metered.includes(metric));
}
