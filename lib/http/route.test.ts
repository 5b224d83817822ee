import { expect, it, vi } from "vitest";
import { endpoint } from "./endpoint";
import { route } from "./route";

vi.mock("../runtime", () => ({}));

const read = endpoint({ method: "GET", path: "/x", summary: "Read" }, async () => undefined);

it("answers other methods with 405 in the form of all errors, and says which there are", async () => {
  const { GET, POST, DELETE, OPTIONS } = route(read);
  expect(GET).toBe(read);
  const context = { params: Promise.resolve({}) };
  for (const [method, handler] of Object.entries({ POST, DELETE })) {
    const response = await handler(new Request("http://x/", { method }), context);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect((await response.json()).error).toMatchObject({ code: "method_not_allowed", requestId: expect.any(String) });
  }
  const options = await OPTIONS(new Request("http://x/", { method: "OPTIONS" }), context);
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
});
