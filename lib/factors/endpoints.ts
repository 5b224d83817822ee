import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { factorDto, listFactors, listFactorsQuery } from "./queries";

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
