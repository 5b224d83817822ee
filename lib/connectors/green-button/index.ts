import type { Connector, Flow } from "../contract";
import { parseGreenButton } from "./parse";
import { type GreenButtonSettings, greenButtonSettings } from "./settings";

/** Green Button files of North American utilities, from a bucket. */
export const greenButton: Connector<GreenButtonSettings> = {
  type: "GreenButton",
  label: "Green Button files",
  sourceTypes: ["S3"],
  settingsSchema: greenButtonSettings,
  metrics: ["eRealKwh", "eRealPositiveKwh", "eRealNegativeKwh", "eReactiveKvarh"],
  // The shortest that utilities export; a file's readings say how long each is.
  resolution: "PT5M",
  defaultTaskInterval: "P1D",
  // Utilities publish a day's intervals in the course of the next one or two.
  availabilityLag: "P2D",
  // Estimates are replaced until the bill is final; a corrected bill can come a cycle later.
  restatementWindow: "P90D",
  flow: ({ flows, invert }) => {
    if (invert) return "generation";
    return { both: "both", delivered: "load", received: "feed-in" }[flows] as Flow;
  },
  parse: parseGreenButton,
};
