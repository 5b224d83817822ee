import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { acknowledgeFinding } from "./acknowledge-finding";
import { listFindings } from "./queries";
import { getThresholds } from "./read-thresholds";
import { acknowledgement, findingDto, listFindingsQuery } from "./schemas";
import { setThresholds } from "./set-thresholds";
import { thresholdsSchema } from "./thresholds";

export const listFindingsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meters/{id}/findings",
    summary: "What the checks found in a meter's readings, the newest stretch first",
    params: idParams,
    query: listFindingsQuery,
    response: pageOf(findingDto),
  },
  (ctx, { params, query }) => listFindings(ctx, { ...query, meterId: params.id }),
);

export const acknowledgeFindingEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/findings/{id}/acknowledge",
    summary: "Say that a finding was looked at and may stay",
    permission: "tasks:operate",
    params: idParams,
    body: acknowledgement,
    response: findingDto,
  },
  (ctx, { params, body }) => acknowledgeFinding(ctx, { ...body, findingId: params.id }),
);

export const getThresholdsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meters/{id}/thresholds",
    summary: "From where on a meter's readings are findings",
    params: idParams,
    response: thresholdsSchema,
  },
  (ctx, { params }) => getThresholds(ctx, params.id),
);

export const setThresholdsEndpoint = endpoint(
  {
    method: "PUT",
    path: "/api/v1/meters/{id}/thresholds",
    summary: "Set a meter's thresholds",
    description: "What is left out has its default. The meter's readings are checked again by them.",
    permission: "meters:edit",
    params: idParams,
    body: thresholdsSchema,
    response: thresholdsSchema,
  },
  (ctx, { params, body }) => setThresholds(ctx, { meterId: params.id, thresholds: body }),
);
