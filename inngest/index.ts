import { checkNewReadings } from "./functions/check-readings";
import { deliverMessages } from "./functions/deliver-messages";
import { dispatchDueTasks } from "./functions/dispatch-due-tasks";
import { flagRestatedRecords } from "./functions/flag-restated-records";
import { pruneOldNotifications } from "./functions/prune-notifications";
import { recomputeCarbon } from "./functions/recompute-carbon";
import { reconcile } from "./functions/reconcile-tasks";
import { runEtlTasks } from "./functions/run-etl-tasks";
import { runMrvTasks } from "./functions/run-mrv-tasks";
import { submitMrvRecords } from "./functions/submit-mrv-records";
import { sweepMrvRecords } from "./functions/sweep-mrv-records";
import { wakeWaitingTasks } from "./functions/wake-waiting-tasks";
import { watchFleet } from "./functions/watch-fleet";

export { inngest } from "./client";

/** What `/api/inngest` serves. */
export const functions = [
  dispatchDueTasks,
  runEtlTasks,
  runMrvTasks,
  flagRestatedRecords,
  sweepMrvRecords,
  submitMrvRecords,
  wakeWaitingTasks,
  reconcile,
  recomputeCarbon,
  watchFleet,
  deliverMessages,
  checkNewReadings,
  pruneOldNotifications,
];
