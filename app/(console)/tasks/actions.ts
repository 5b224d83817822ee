"use server";

import { action } from "@/lib/action";
import { cancelTasks } from "@/lib/tasks/cancel-tasks";
import { retryTasks } from "@/lib/tasks/retry-tasks";
import { cancelTasksInput, retryTasksInput } from "@/lib/tasks/schemas";

export const retryTasksAction = action(retryTasksInput, retryTasks, { revalidate: () => "/tasks" });
export const cancelTasksAction = action(cancelTasksInput, cancelTasks, { revalidate: () => "/tasks" });
