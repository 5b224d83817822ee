export const TOKENS = ["yyyy", "MM", "dd", "HH"] as const;
export type Token = (typeof TOKENS)[number];
export type Part = { kind: "text"; text: string } | { kind: "any" } | { kind: "token"; token: Token };

/** What the tokens of a pattern stand for in one key. */
export type Named = Partial<Record<Token, number>>;

export const DIGITS: Record<Token, number> = { yyyy: 4, MM: 2, dd: 2, HH: 2 };

/**
 * Whether the whole key fits, with tokens that `isWanted`; a token that stands twice has one value. Ways that were tried are
 * remembered, so that no pattern takes longer than parts × characters × dates in the key: a regular expression made from
 * it could take years.
 */
export function matchKey(parts: readonly Part[], key: string, isWanted: (named: Named) => boolean): boolean {
  const tried = new Set<string>();

  function fits(index: number, at: number, named: Named): boolean {
    const part = parts[index];
    if (!part) return at === key.length && isWanted(named);
    if (part.kind === "text") {
      return key.startsWith(part.text, at) && fits(index + 1, at + part.text.length, named);
    }
    if (part.kind === "token") {
      const digits = key.slice(at, at + DIGITS[part.token]);
      if (digits.length < DIGITS[part.token] || !/^[0-9]+$/.test(digits)) return false;
      const value = Number(digits);
      if (named[part.token] !== undefined && named[part.token] !== value) return false;
      return fits(index + 1, at + digits.length, { ...named, [part.token]: value });
    }
    const way = `${index} ${at} ${named.yyyy} ${named.MM} ${named.dd} ${named.HH}`;
    if (tried.has(way)) return false;
    tried.add(way);
    if (fits(index + 1, at, named)) return true;
    const mayTakeNext = at < key.length;
    return mayTakeNext && fits(index, at + 1, named);
  }

  return fits(0, 0, {});
}
