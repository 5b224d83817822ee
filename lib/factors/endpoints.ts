import { z } from "zod";
import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { createFactor } from "./create-factor";
import { factorUse, factorUseDto } from "./factor-use";
import { listFactors } from "./queries";
import { planFactor, planRecompute } from "./recompute/plan-recompute";
import { listRecomputes } from "./recompute/progress";
import { recomputeDto, recomputeOrder, recomputePlanDto } from "./recompute/schemas";
import { startRecompute } from "./recompute/start-recompute";
import { createdFactorDto, factorDto, factorOrder, listFactorsQuery } from "./schemas";

export const listFactorsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/emission-factors",
    summary: "Emission factors by region",
    query: listFactorsQuery,
    response: pageOf(factorDto),
  },
  (ctx, { query }) => listFactors(ctx, query),
);

export const createFactorEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/emission-factors",
    summary: "Add an emission factor",
    description:
      "An open-ended factor of the same publisher, region, scope and method ends where the new one begins. With dryRun nothing is stored: the answer is what stored carbon would change by a recompute, and the planToken to create the factor and recompute exactly that. Without planToken stored carbon keeps the factor it was made with.",
    permission: "factors:edit",
    body: factorOrder,
    response: z.union([createdFactorDto, recomputePlanDto]),
    status: 201,
  },
  async (ctx, { body: { dryRun, planToken, ...factor } }) =>
    dryRun
      ? Response.json(recomputePlanDto.parse(await planFactor(ctx, factor)))
      : createFactor(ctx, { ...factor, planToken }),
);

export const factorUseEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/emission-factors/{id}/use",
    summary: "Rows of meter data whose carbon was made with a factor",
    params: idParams,
    response: factorUseDto,
  },
  (ctx, { params }) => factorUse(ctx, { factorId: params.id }),
);

export const recomputeEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/emission-factors/recompute",
    summary: "Bring stored carbon of a region in line with its factors",
    description:
      "With dryRun the plan and its planToken; without it the recompute that was started. Rows as they were become revisions.",
    permission: "factors:edit",
    body: recomputeOrder,
    response: z.union([recomputePlanDto, recomputeDto]),
  },
  (ctx, { body: { dryRun, planToken, ...scope } }) =>
    dryRun ? planRecompute(ctx, scope) : startRecompute(ctx, { ...scope, planToken: planToken ?? "" }),
);

export const listRecomputesEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/emission-factors/recompute",
    summary: "The newest recomputes, with their progress",
    response: z.object({ items: z.array(recomputeDto) }),
  },
  async (ctx) => ({ items: await listRecomputes(ctx) }),
);
