import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { createFactor } from "./create-factor";
import { listFactors } from "./queries";
import { createFactorInput, factorDto, listFactorsQuery } from "./schemas";

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
      "An open-ended factor of the same publisher, region, scope and method ends where the new one begins. Stored carbon keeps the factor it was made with.",
    permission: "factors:edit",
    body: createFactorInput,
    response: factorDto,
    status: 201,
  },
  (ctx, { body }) => createFactor(ctx, body),
);
