import { randomBytes } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chosenEncoding, compressed } from "./compress";

const asking = (encoding: string) => new Request("http://x/", { headers: { "accept-encoding": encoding } });

it.each([
  ["gzip, deflate, br", "br"],
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["br;q=0.5, gzip;q=0.8", "gzip"],
  ["br;q=0, gzip;q=0", null],
  ["*", "br"],
  ["*;q=0.1, br;q=0", "gzip"],
  ["identity", null],
  ["gzip;q=x", null],
  [null, null],
])("chooses of %s the best that is accepted", (header, encoding) => {
  expect(chosenEncoding(header)).toBe(encoding);
});

describe("a compressed answer", () => {
  const text = "2026-04-04T13:00:00Z,300,1\n".repeat(10_000);

  it("is the same bytes, smaller, and says so", async () => {
    for (const [encoding, decode] of [
      ["br", brotliDecompressSync],
      ["gzip", gunzipSync],
    ] as const) {
      const response = compressed(asking(encoding), new Response(text, { headers: { "Content-Length": "270000" } }));
      expect(response.headers.get("content-encoding")).toBe(encoding);
      expect(response.headers.get("vary")).toBe("Accept-Encoding");
      expect(response.headers.has("content-length")).toBe(false);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.length).toBeLessThan(text.length / 20);
      expect(decode(bytes).toString()).toBe(text);
    }
    expect(await compressed(asking("identity"), new Response(text)).text()).toBe(text);
  });

  it("leaves while it is made, takes no more than is read, and stops its source", async () => {
    let pulled = 0;
    let isCancelled = false;
    const source = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(randomBytes(200_000));
        },
        cancel: () => {
          isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const reader = compressed(asking("gzip"), new Response(source)).body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pulled).toBeLessThan(5);
    await reader?.cancel();
    await expect.poll(() => isCancelled).toBe(true);
  });

  it("is broken off where its source fails", async () => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (pulled++ === 0) controller.enqueue(Buffer.from("half"));
        else controller.error(new Error("gone"));
      },
    });
    await expect(compressed(asking("br"), new Response(source)).text()).rejects.toThrow();
  });
});
