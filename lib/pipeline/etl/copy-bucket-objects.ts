import type { Worker } from "../worker";
import type { MeterCollection } from "./collect";
import type { Meter } from "./run-stage";
import type { StageTask } from "./stage-tasks";

export async function copyBucketObjects(_worker: Worker, _meter: Meter, _tasks: StageTask[]): Promise<MeterCollection> {
  throw new Error("S3 collection is not there yet.");
}
