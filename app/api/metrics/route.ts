import { connection } from "next/server";
import { prometheusText } from "@/lib/health/figures";
import { assertMayReadFigures } from "@/lib/health/may-read-figures";
import { requestIdOf } from "@/lib/http/endpoint";
import { errorResponse } from "@/lib/http/error-response";
import { getDb } from "@/lib/runtime";

/** Prometheus. For this machine, METERPROOF_METRICS_TOKEN, or an API token. */
export async function GET(request: Request): Promise<Response> {
  await connection();
  try {
    await assertMayReadFigures(request, getDb());
    const { contentType, text } = await prometheusText(getDb());
    return new Response(text, { headers: { "Content-Type": contentType, "Cache-Control": "no-store" } });
  } catch (error) {
    return errorResponse(error, requestIdOf(request), { route: "/api/metrics" });
  }
}
