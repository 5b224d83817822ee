import type { FetchContext, TestResult } from "../contract";
import { SourceError, vendorAnswer } from "../source-error";
import type { TemplateSettings } from "./settings";

/** The cheapest call that proves address, key and id. Says what was found, so that a person sees it is the right site. */
export async function testConnection(context: FetchContext<TemplateSettings, string>): Promise<TestResult> {
  const url = `${context.baseUrl}/sites/${encodeURIComponent(context.dataSource)}`;
  const response = await context.fetch(url, { headers: { authorization: `Bearer ${context.credentials}` } });
  if (!response.ok) {
    throw new SourceError("VENDOR_FAILED", `The vendor answered with status ${response.status}.`, {
      isRetryable: response.status === 429 || response.status >= 500,
      answer: vendorAnswer("GET", url, response, await response.text()),
    });
  }
  return { reached: `The vendor knows the site ${context.dataSource}.`, found: [], newestReadingAt: null };
}
