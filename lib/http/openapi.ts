import { z } from "zod";
import { allEndpoints } from "./all-endpoints";
import type { EndpointDefinition } from "./endpoint";

type Json = Record<string, unknown>;

const errorSchema: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "requestId"],
      properties: {
        code: { type: "string" },
        message: { type: "string", description: "A sentence that says what to do." },
        fields: { type: "object", additionalProperties: { type: "string" }, description: "Sentence by field." },
        requestId: { type: "string" },
      },
    },
  },
};

/** OpenAPI 3.1 of every endpoint in `all-endpoints.ts`, from the schemas that the endpoints themselves use. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const { noun, endpoint } of allEndpoints) {
    const { definition } = endpoint;
    const path = paths[definition.path] ?? {};
    path[definition.method.toLowerCase()] = operation(noun, definition);
    paths[definition.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: { title: "Meterproof API", version: "1" },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Error: errorSchema },
    },
  };
}

function operation(noun: string, definition: EndpointDefinition): Json {
  const { method, path, params, query, permission } = definition;
  return {
    tags: [noun],
    operationId: `${method.toLowerCase()}${path.replace(/^\/api\/v1/, "").replace(/[^A-Za-z]+(.)?/g, (_all, next = "") => next.toUpperCase())}`,
    summary: definition.summary,
    description: definition.description,
    "x-permission": permission === undefined ? "fleet:read" : permission,
    security: permission === null ? [] : undefined,
    parameters: [...parameters("path", params), ...parameters("query", query)],
    requestBody: requestBody(definition),
    responses: {
      ...success(definition),
      default: {
        description: "An error.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function requestBody({ body, consumes }: EndpointDefinition): Json | undefined {
  if (body) return { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } };
  return consumes
    ? { required: true, content: { [consumes]: { schema: { type: "string", format: "binary" } } } }
    : undefined;
}

function success({ response, produces, status }: EndpointDefinition): Json {
  const code = String(status ?? (response || produces ? 200 : 204));
  const content: Json = {};
  if (response) content["application/json"] = { schema: schemaOf(response, "output") };
  for (const type of produces ?? []) content[type] ??= { schema: { type: "string" } };
  const hasContent = Object.keys(content).length > 0;
  return { [code]: { description: "Done.", ...(hasContent ? { content } : {}) } };
}

function parameters(place: "path" | "query", schema: z.ZodObject | undefined): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    description,
    schema: rest,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: ({ zodSchema }) =>
      zodSchema._zod.def.type === "date" ? { type: "string", format: "date-time" } : "any",
    override: ({ jsonSchema }) => {
      // An instant is text, or a Date inside the program: the same to a client. The pattern would say it once more.
      if (jsonSchema.format) delete jsonSchema.pattern;
      const [first, ...rest] = jsonSchema.anyOf ?? [];
      if (!first || typeof first === "boolean" || first.format !== "date-time") return;
      if (!rest.every((other) => typeof other !== "boolean" && other.format === "date-time")) return;
      delete jsonSchema.anyOf;
      Object.assign(jsonSchema, { type: "string", format: "date-time" });
    },
  });
  return json;
}
