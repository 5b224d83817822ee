import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { archiveMeter } from "./archive-meter";
import { createMeter } from "./create-meter";
import { getMeter, listMeters } from "./queries";
import { archivedMeterDto, createMeterInput, listMetersQuery, meterChanges, meterDto, testResultDto } from "./schemas";
import { testMeter } from "./test-meter";
import { updateMeter } from "./update-meter";

export const listMetersEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meters",
    summary: "Meters by name",
    query: listMetersQuery,
    response: pageOf(meterDto),
  },
  (ctx, { query }) => listMeters(ctx, query),
);

export const createMeterEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/meters",
    summary: "Add a meter",
    permission: "meters:edit",
    body: createMeterInput,
    response: meterDto,
    status: 201,
  },
  (ctx, { body }) => createMeter(ctx, body),
);

export const getMeterEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meters/{id}",
    summary: "One meter",
    params: idParams,
    response: meterDto,
  },
  (ctx, { params }) => getMeter(ctx, { meterId: params.id }),
);

export const updateMeterEndpoint = endpoint(
  {
    method: "PATCH",
    path: "/api/v1/meters/{id}",
    summary: "Change a meter",
    description: "What is left out is kept, the credential too.",
    permission: "meters:edit",
    params: idParams,
    body: meterChanges,
    response: meterDto,
  },
  (ctx, { params, body }) => updateMeter(ctx, { ...body, meterId: params.id }),
);

export const archiveMeterEndpoint = endpoint(
  {
    method: "DELETE",
    path: "/api/v1/meters/{id}",
    summary: "Archive a meter and end its jobs",
    description: "Readings and archived bytes stay.",
    permission: "meters:edit",
    params: idParams,
    response: archivedMeterDto,
  },
  (ctx, { params }) => archiveMeter(ctx, { meterId: params.id }),
);

export const testMeterEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/meters/{id}/test",
    summary: "Reach the meter's source now",
    description: "Takes calls from the account's quota. A source that cannot be reached is `ok: false`, not an error.",
    permission: "meters:edit",
    params: idParams,
    response: testResultDto,
  },
  (ctx, { params }) => testMeter(ctx, { meterId: params.id }),
);
