import type { Answer, FetchContext, Range } from "../contract";
import { SourceError, vendorAnswer, withoutSecrets } from "../source-error";
import type { TemplateSettings } from "./settings";

/**
 * One call for a range of at most `maxRange`; the bytes go on exactly as received. Mind which end of an interval the
 * vendor stamps: the range is of STARTS.
 */
export async function* fetchReadings(
  context: FetchContext<TemplateSettings, string>,
  range: Range,
): AsyncIterable<Answer> {
  const query = new URLSearchParams({ from: range.from.toISOString(), to: range.to.toISOString() });
  const url = `${context.baseUrl}/sites/${encodeURIComponent(context.dataSource)}/readings?${query}`;
  const response = await context.fetch(url, {
    headers: { authorization: `Bearer ${context.credentials}`, accept: "application/json" },
    redirect: "manual",
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) {
    // One stable code for each thing a person would do something different about.
    throw new SourceError("VENDOR_FAILED", `The vendor answered with status ${response.status}.`, {
      isRetryable: response.status === 429 || response.status >= 500,
      answer: vendorAnswer("GET", url, response, new TextDecoder().decode(bytes)),
    });
  }
  const contentType = response.headers.get("content-type") ?? "application/json";
  yield { range, bytes, contentType, origin: withoutSecrets(url) };
}
