import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { allEndpoints } from "./all-endpoints";
import { docsPage } from "./docs-page";
import { isEndpoint } from "./endpoint";
import { openApiDocument } from "./openapi";

vi.mock("../runtime", () => ({}));

const root = fileURLToPath(new URL("../../app", import.meta.url));

/** The endpoint that each route file serves at each method, as `GET /api/v1/meters/{id}`. */
async function servedCalls(): Promise<string[]> {
  const files = readdirSync(`${root}/api/v1`, { recursive: true, encoding: "utf8" });
  const calls: string[] = [];
  for (const file of files.filter((name) => name.endsWith("route.ts") && !name.startsWith("openapi.json"))) {
    const path = `/api/v1/${file.replace(/\/route\.ts$/, "").replace(/\[(\w+)\]/g, "{$1}")}`;
    const served: Record<string, unknown> = await import(/* @vite-ignore */ `${root}/api/v1/${file}`);
    for (const [method, handler] of Object.entries(served)) if (isEndpoint(handler)) calls.push(`${method} ${path}`);
  }
  return calls;
}

it("describes exactly the calls that are served", async () => {
  const described = allEndpoints.map(({ endpoint: { definition } }) => `${definition.method} ${definition.path}`);
  expect(described.sort()).toEqual((await servedCalls()).sort());
});

it("gives every call a type, a permission and its fields", () => {
  const document = openApiDocument() as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const create = document.paths["/api/v1/meters"]?.post;
  expect(create).toMatchObject({
    "x-permission": "meters:edit",
    requestBody: { content: { "application/json": { schema: { type: "object", additionalProperties: false } } } },
  });
  expect(JSON.stringify(create?.responses)).not.toContain("dataCredentials");
  expect(document.paths["/api/v1/audit-log"]?.get?.parameters).toContainEqual(
    expect.objectContaining({ name: "from", in: "query", schema: { type: "string", format: "date-time" } }),
  );
});

it("has a page that needs nothing from elsewhere", () => {
  const page = docsPage();
  expect(page).toContain("/api/v1/meters/{id}");
  expect(page).not.toMatch(/<script|<link|<img|src=|https?:/);
});
