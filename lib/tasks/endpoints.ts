import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { cancelTasks } from "./cancel-tasks";
import { getTask, listTasks } from "./queries";
import { retryTasks } from "./retry-tasks";
import { bulkDto, cancelTasksInput, listTasksQuery, retryTasksInput, taskDetailDto, taskDto } from "./schemas";

export const listTasksEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/tasks",
    summary: "Tasks, newest interval first",
    query: listTasksQuery,
    response: pageOf(taskDto),
  },
  (ctx, { query }) => listTasks(ctx, query),
);

export const getTaskEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/tasks/{id}",
    summary: "One task with its attempts, artifacts and rejected rows",
    params: idParams,
    response: taskDetailDto,
  },
  (ctx, { params }) => getTask(ctx, { taskId: params.id }),
);

export const retryTasksEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/tasks/retry",
    summary: "Run tasks again",
    description: "By taskIds at once; by filter with dryRun first, then with the planToken of its answer.",
    permission: "tasks:operate",
    body: retryTasksInput,
    response: bulkDto,
  },
  (ctx, { body }) => retryTasks(ctx, body),
);

export const cancelTasksEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/tasks/cancel",
    summary: "Stop tasks that are not finished",
    description: "By taskIds at once; by filter with dryRun first, then with the planToken of its answer.",
    permission: "tasks:operate",
    body: cancelTasksInput,
    response: bulkDto,
  },
  (ctx, { body }) => cancelTasks(ctx, body),
);
