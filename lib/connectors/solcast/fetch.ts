import type { Answer, ExpectedAnswer, FetchContext, Range } from "../contract";
import { SourceError, vendorAnswer, withoutSecrets } from "../source-error";
import { answerError } from "./answer-errors";
import { readLists, type SolcastLists } from "./rows";
import { MOST_HOURS, type SolcastSettings } from "./settings";

type Context = FetchContext<SolcastSettings, string>;

type ExpectedList = ExpectedAnswer & { endpoint: keyof SolcastLists };

const HOUR = 3_600_000;

/** Intervals that ended longer ago are being made up for; the forecasts are brought by the newest one. */
const FORECASTS_FOLLOW_WITHIN = 24 * HOUR;

/** Estimated actuals of the whole range, and forecasts from now on where the range is the newest. */
export function expectedAnswers({ include, forecastHours }: SolcastSettings, range: Range, now: Date): ExpectedList[] {
  const ahead = { from: now, to: new Date(now.getTime() + forecastHours * HOUR) };
  const expected: ExpectedList[] = [];
  if (include.includes("estimated_actuals")) expected.push({ endpoint: "estimated_actuals", range });
  if (include.includes("forecasts") && now.getTime() - range.to.getTime() < FORECASTS_FOLLOW_WITHIN) {
    expected.push({ endpoint: "forecasts", range: ahead, isAhead: true });
  }
  return expected;
}

/**
 * One call a list, of the named lists or of all. Bytes as received; a body that is not what it says is thrown here and never
 * becomes an archived object.
 */
export async function* fetchSolcast(
  context: Context,
  asked: Range,
  endpoints?: readonly string[],
): AsyncIterable<Answer> {
  const now = context.now();
  for (const { endpoint, range, isAhead } of expectedAnswers(context.settings, asked, now)) {
    if (endpoints && !endpoints.includes(endpoint)) continue;
    // One more than the hours between: the list begins with the last period that is over.
    const back = Math.min(MOST_HOURS, Math.ceil((now.getTime() - range.from.getTime()) / HOUR) + 1);
    const hours = isAhead ? context.settings.forecastHours : back;
    yield { range, ...(await askForList(context, endpoint, hours)) };
  }
}

/** One call. Throws SourceError for everything but a body with the list. */
export async function askForList(context: Context, list: keyof SolcastLists, hours: number) {
  const site = encodeURIComponent(context.dataSource);
  // Without `format` the vendor answers with a web page.
  const url = `${context.baseUrl}/rooftop_sites/${site}/${list}?format=json&hours=${hours}`;
  const response = await context.fetch(url, {
    headers: { authorization: `Bearer ${context.credentials}`, accept: "application/json" },
    // A redirection would take the key somewhere else.
    redirect: "manual",
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = () => new TextDecoder().decode(bytes.subarray(0, 8_000));
  if (!response.ok) throw answerError(url, response, text(), context.credentials, context.now());
  assertList(bytes, list, () => vendorAnswer("GET", url, response, text()));
  const contentType = response.headers.get("content-type") ?? "application/json";
  return { bytes, contentType, origin: withoutSecrets(url) };
}

function assertList(bytes: Uint8Array, list: keyof SolcastLists, answer: () => ReturnType<typeof vendorAnswer>): void {
  try {
    const name = "The answer of Solcast";
    if (readLists(bytes, name, true)[list] !== undefined) return;
    throw new SourceError("NOT_SOLCAST_DATA", `${name} has no list ${list}.`, { isRetryable: true });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { code, message, isRetryable, cause } = error;
    throw new SourceError(code, message, { isRetryable, answer: answer(), cause });
  }
}
