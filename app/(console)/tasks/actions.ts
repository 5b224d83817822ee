"use server";

import { action } from "@/lib/action";
import { cancelTasks } from "@/lib/tasks/cancel-tasks";
import { retryTasks } from "@/lib/tasks/retry-tasks";
import { cancelTasksInput, retryTasksInput } from "@/lib/tasks/schemas";

/** A look at what would happen shows no page anew. */
const changedPages = ({ dryRun }: { dryRun: boolean }) => (dryRun ? [] : ["/tasks"]);

export const retryTasksAction = action(retryTasksInput, retryTasks, { revalidate: changedPages });
export const cancelTasksAction = action(cancelTasksInput, cancelTasks, { revalidate: changedPages });
