import { openApiDocument } from "./openapi";

type Json = Record<string, unknown>;

interface Operation {
  tags: string[];
  summary: string;
  description?: string;
  "x-permission": string | null;
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

/** The OpenAPI document as a page: one HTML text, without scripts or anything from elsewhere. */
export function docsPage(): string {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, Operation>> };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const nouns = [...new Set(calls.map(({ operation }) => operation.tags[0] ?? ""))];
  const list = nouns.map((noun) => `<li><a href="#${slug(noun)}">${asHtml(noun)}</a></li>`).join("");
  const sections = nouns
    .map((noun) => {
      const own = calls.filter(({ operation }) => operation.tags[0] === noun);
      return `<section><h2 id="${slug(noun)}">${asHtml(noun)}</h2>${own.map(call).join("")}</section>`;
    })
    .join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Meterproof API</title><style>${style}</style></head><body><main><h1>Meterproof API</h1>
<p>Send <code>Authorization: Bearer TOKEN</code>. Bodies and answers are JSON, instants ISO 8601 in UTC. Lists answer
<code>{"items", "nextCursor"}</code>: send <code>cursor=</code> for the next page. Errors answer
<code>{"error": {"code", "message", "fields", "requestId"}}</code>.
For programs: <a href="/api/v1/openapi.json">openapi.json</a>.</p><nav><ul>${list}</ul></nav>${sections}</main></body></html>`;
}

function call({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const permission = operation["x-permission"];
  const body = operation.requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(operation.responses).filter(([code]) => code !== "default");
  return `<article><h3><code><b>${method}</b> ${asHtml(path)}</code></h3><p>${asHtml(operation.summary)}.
${asHtml(operation.description ?? "")} ${permission ? `Needs <code>${asHtml(permission)}</code>.` : ""}</p>
${parameterTable(operation.parameters)}${body ? schemaBlock("Body", body) : ""}
${answers.map(([code, answer]) => answerBlock(code, answer.content)).join("")}</article>`;
}

function parameterTable(parameters: Operation["parameters"]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${asHtml(name)}</code></td><td>${place}${required ? ", needed" : ""}</td><td>${asHtml(typeText(schema))}</td><td>${asHtml(description ?? "")}</td></tr>`,
  );
  return `<table><thead><tr><th>Name</th><th>Where</th><th>Type</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function answerBlock(code: string, content: Record<string, { schema: Json }> | undefined): string {
  if (!content) return `<p>Answers ${code} without a body.</p>`;
  return Object.entries(content)
    .map(([type, { schema }]) => schemaBlock(`Answer ${code}, ${type}`, schema))
    .join("");
}

function schemaBlock(title: string, schema: Json): string {
  return `<details><summary>${asHtml(title)}</summary><pre tabindex="0">${asHtml(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function typeText(schema: Json): string {
  if (Array.isArray(schema.enum)) return schema.enum.join(" | ");
  if (schema.type === "array") return `${typeText((schema.items ?? {}) as Json)}, repeatable`;
  const parts = [schema.format ?? schema.type ?? "any"];
  if (schema.default !== undefined) parts.push(`default ${JSON.stringify(schema.default)}`);
  return parts.join(", ");
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function asHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:1.5rem}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}
h3{font-size:1rem;margin:0}article{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:1rem 0}
code,pre{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}pre{overflow:auto;max-height:30rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}`;
