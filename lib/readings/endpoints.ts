import { z } from "zod";
import { compressed } from "../http/compress";
import { endpoint } from "../http/endpoint";
import { notModified, versionHeaders } from "../http/not-modified";
import { coverageOf } from "./coverage";
import { readRows } from "./read-rows";
import { coverageDto, coverageQuery, readingsQuery } from "./schemas";
import { versionOf } from "./version-of";
import { contentTypes, writeRows } from "./write-rows";

export const readMeterDataEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meter-data",
    summary: "Readings, or the half hours, hours, days or months made from them",
    description:
      "In order of meter and time, streamed, as gzip or Brotli where the client accepts it. Instants are interval starts, energy is in kWh. Raw rows carry what stands behind them (task, transformed object, revision); aggregated ones how many readings were there, expected, not actual and restated. Buckets without a reading are left out. The answer has an ETag; If-None-Match gives 304 while nothing of it has changed.",
    query: readingsQuery,
    produces: Object.values(contentTypes),
  },
  async (ctx, { query }, request) => {
    const now = new Date();
    const rows = await readRows(ctx, query, now);
    const { from, to } = query;
    const version = await versionOf(ctx, { meters: rows.meters, from, to, question: query }, now);
    const known = notModified(request, version);
    if (known) return known;
    const headers = { "Content-Type": contentTypes[query.format], ...versionHeaders(version) };
    return compressed(request, new Response(writeRows(rows, query.format), { headers }));
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
