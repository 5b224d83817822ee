import { pipeline, Readable, type Transform } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { constants, createBrotliCompress, createGzip } from "node:zlib";

type Encoding = "br" | "gzip";

/** Ours from best to worst; a client that ranks them otherwise is followed. */
const offered: readonly Encoding[] = ["br", "gzip"];

// Levels for bodies that are made while they are sent: the highest ones cost ten times the processor for a tenth of the size.
const encoders: Record<Encoding, () => Transform> = {
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: () => createGzip({ level: 4 }),
};

/**
 * The answer compressed as the client accepts it, piece by piece: nothing is gathered, a client that stops reading stops the
 * source, and a source that fails breaks the body off.
 */
export function compressed(request: Request, response: Response): Response {
  const headers = new Headers(response.headers);
  if (!/\baccept-encoding\b/i.test(headers.get("vary") ?? "")) headers.append("Vary", "Accept-Encoding");
  const encoding = chosenEncoding(request.headers.get("accept-encoding"));
  const { status, body } = response;
  if (!encoding || !body) return new Response(body, { status, headers });
  headers.set("Content-Encoding", encoding);
  headers.delete("Content-Length");
  // Ended by either side, the other one learns of it; there is nobody else to tell.
  const encoded = pipeline(Readable.fromWeb(body as NodeReadableStream), encoders[encoding](), () => undefined);
  return new Response(Readable.toWeb(encoded) as ReadableStream<Uint8Array>, { status, headers });
}

/** By `Accept-Encoding` of RFC 9110, 12.5.3; null: as it is. */
export function chosenEncoding(header: string | null): Encoding | null {
  if (!header) return null;
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(name === "x-gzip" ? "gzip" : name, weight ? Number(weight.slice(2)) || 0 : 1);
  }
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get("*") ?? 0;
  const best = [...offered].sort((a, b) => weightOf(b) - weightOf(a))[0];
  return best && weightOf(best) > 0 ? best : null;
}
