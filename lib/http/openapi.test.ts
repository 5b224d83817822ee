import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { allEndpoints } from "./all-endpoints";
import { docsPage } from "./docs-page";
import { openApiDocument } from "./openapi";

vi.mock("../runtime", () => ({}));

const root = fileURLToPath(new URL("../../app", import.meta.url));

/** `GET /api/v1/meters/{id}` of every route file, as Next serves it. */
function servedCalls(): string[] {
  const files = readdirSync(`${root}/api/v1`, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith("route.ts") && !file.startsWith("[...path]") && !file.startsWith("openapi.json"))
    .flatMap((file) => {
      const path = `/api/v1/${file.replace(/\/route\.ts$/, "").replace(/\[(\w+)\]/g, "{$1}")}`;
      const source = readFileSync(`${root}/api/v1/${file}`, "utf8");
      return [...source.matchAll(/ as (GET|POST|PUT|PATCH|DELETE)\b/g)].map(([, method]) => `${method} ${path}`);
    });
}

it("describes exactly the calls that are served", () => {
  const described = allEndpoints.map(({ endpoint: { definition } }) => `${definition.method} ${definition.path}`);
  expect(described.sort()).toEqual(servedCalls().sort());
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
