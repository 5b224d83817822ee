import type { Check } from "../check";
import { balance } from "./balance";
import { clockDrift } from "./clock-drift";
import { duplicate } from "./duplicate";
import { flatLine } from "./flat-line";
import { futureStamp } from "./future-stamp";
import { gap } from "./gap";
import { intervalLength } from "./interval-length";
import { nameplate } from "./nameplate";
import { negative } from "./negative";
import { nightGeneration } from "./night-generation";
import { spike } from "./spike";
import { unitMismatch } from "./unit-mismatch";
import { zeroRun } from "./zero-run";

/** Every check of readings. Channels are summed before they are stored, so their sum cannot be checked here. */
export const checks: readonly Check[] = [
  gap,
  duplicate,
  intervalLength,
  futureStamp,
  negative,
  spike,
  zeroRun,
  flatLine,
  nightGeneration,
  nameplate,
  balance,
  unitMismatch,
  clockDrift,
];
