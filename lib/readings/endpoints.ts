import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { coverageOf } from "./coverage";
import { readRows } from "./read-rows";
import { coverageDto, coverageQuery, readingsQuery } from "./schemas";
import { contentTypes, writeRows } from "./write-rows";

export const readMeterDataEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meter-data",
    summary: "Readings, or the half hours, hours, days or months made from them",
    description:
      "In order of meter and time, streamed. Instants are interval starts, energy is in kWh. Raw rows carry what stands behind them (task, transformed object, revision); aggregated ones how many readings were there, expected, not actual and restated. Buckets without a reading are left out.",
    query: readingsQuery,
    produces: Object.values(contentTypes),
  },
  async (ctx, { query }) => {
    const rows = await readRows(ctx, query);
    return new Response(writeRows(rows, query.format), { headers: { "Content-Type": contentTypes[query.format] } });
  },
);

export const coverageEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meter-data/coverage",
    summary: "Readings expected, present and missing",
    query: coverageQuery,
    response: z.object({ items: z.array(coverageDto), nextCursor: z.null() }),
  },
  async (ctx, { query }) => ({ items: await coverageOf(ctx, query), nextCursor: null }),
);
