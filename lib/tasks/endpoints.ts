import { z } from "zod";
import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { streamBody } from "../http/stream-body";
import { cancelTasks } from "./cancel-tasks";
import { getTask, listTasks } from "./queries";
import { readArtifact } from "./read-artifact";
import { retryTasks } from "./retry-tasks";
import { bulkDto, cancelTasksInput, listTasksQuery, retryTasksInput, taskDetailDto, taskDto } from "./schemas";

export const listTasksEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/tasks",
    summary: "Tasks, newest interval first or as sorted",
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

export const getArtifactEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/tasks/{id}/artifacts/{objectId}",
    summary: "Bytes of an object that a task used or wrote, as they are archived",
    description:
      "`Repr-Digest` names the SHA-256 they have. An object that was damaged since is refused, or breaks off.",
    params: z.object({ ...idParams.shape, objectId: idParams.shape.id }),
    produces: ["application/octet-stream"],
  },
  async (ctx, { params }) => {
    const { fileName, sizeBytes, sha256, chunks } = await readArtifact(ctx, {
      taskId: params.id,
      objectId: params.objectId,
    });
    return new Response(streamBody(chunks), {
      headers: {
        // Never the vendor's own type: a page of theirs must not run on our address.
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": `attachment; filename="${fileName}"`,
        "Content-Length": String(sizeBytes),
        "Repr-Digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
      },
    });
  },
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
