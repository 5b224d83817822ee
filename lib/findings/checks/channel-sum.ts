import { type Check, clustersOf, rangeOf, refusedOf } from "../check";
import { readingsWords } from "../words";

/**
 * Sources send channels (or streams, or columns) and no total beside them: the meter's value is their sum, so there is nothing to compare
 * it with. What can be seen is a sum that could not be made: parsers refuse it rather than make it too small.
 */
export const channelSum: Check = {
  name: "channel-sum",
  label: "Sum of channels",
  meaning:
    "A channel or stream of the meter is missing, and a sum without it would look whole. Correct the settings, or ask the source for it.",
  over: "worst",
  run(input) {
    const unknown = clustersOf(input.readings, ({ energyKwh }) => energyKwh === null).map((cluster) => ({
      ...rangeOf(cluster),
      figure: cluster.length,
      threshold: 0,
      unit: "rows" as const,
      sentence: `${readingsWords(cluster.length)} without a sum: a channel or stream of the meter has no value there.`,
    }));
    const refused = refusedOf(input, "channel-sum", (count, reason) => `${readingsWords(count)} refused. ${reason}`);
    return [...refused, ...unknown];
  },
};
