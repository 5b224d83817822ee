import type { Check } from "../check";
import { balance } from "./balance";
import { channelSum } from "./channel-sum";
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

/** Every check of readings. Their names are stored: what is removed here leaves its findings open, so clear them by a migration. */
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
  channelSum,
  unitMismatch,
  clockDrift,
];

/** Those that look at refused rows: their findings can change although no reading did. */
export const checksOfRefusedRows: readonly string[] = [duplicate, intervalLength, channelSum, clockDrift].map(
  ({ name }) => name,
);
