/** As the source reads a pattern (`lib/sources/s3/pattern.ts`), which also refuses what is wrong with it when it is saved. */
const TOKENS = { yyyy: "year", MM: "month", dd: "day", HH: "hour" } as const;

/** The key of an instant's day by the meter's clock, `*` left as it is; a sentence for what is no token. */
export function exampleKey(
  prefix: string,
  pattern: string,
  at: Date,
  timezone: string,
): { key: string; hasDate: boolean; timezone: string } | { problem: string } {
  const zone = isZone(timezone) ? timezone : "UTC";
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: zone, hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" },
  }).formatToParts(at);
  let problem: string | undefined;
  let hasDate = false;
  const below = prefix !== "" && pattern.startsWith(prefix) ? pattern.slice(prefix.length) || "*" : pattern;
  const key = below.replaceAll(/\{[^{}]*\}/g, (token) => {
    const name = TOKENS[token.slice(1, -1) as keyof typeof TOKENS];
    if (!name) problem ??= `${token} is no token; there are {yyyy}, {MM}, {dd} and {HH}.`;
    hasDate = true;
    return parts.find(({ type }) => type === name)?.value ?? token;
  });
  return problem === undefined ? { key: prefix + key, hasDate, timezone: zone } : { problem };
}

function isZone(timezone: string): boolean {
  try {
    return timezone !== "" && new Intl.DateTimeFormat("en", { timeZone: timezone }) !== null;
  } catch {
    return false;
  }
}
