/** An expression in the small part of CEL that this server evaluates; see the README for what is left out. */
export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "path"; root: string; path: (string | number)[] }
  | { kind: "not"; operand: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "choice"; condition: Expression; yes: Expression; no: Expression };

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+";

/** Said of an expression this server cannot evaluate; the message says why. */
export class ExpressionError extends Error {}

type Token = { kind: "string" | "number" | "name" | "symbol" | "end"; text: string };

const tokenPattern =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\|\||&&|==|!=|<=|>=|[<>+\-!?:.()[\]]))/y;

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  for (let at = 0; at < source.length; ) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(source);
    if (!match) throw new ExpressionError(`"${source.slice(at).trim().slice(0, 12)}" is not understood`);
    const [, string, number, name, symbol] = match;
    if (string !== undefined) tokens.push({ kind: "string", text: unquote(string) });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "symbol", text: symbol ?? "" });
    at = tokenPattern.lastIndex;
  }
  return tokens;
}

function unquote(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    if (escaped === "t") return "\t";
    if (/["'\\]/.test(escaped)) return escaped;
    throw new ExpressionError(`the escape \\${escaped} is not supported`);
  });
}

const precedence: BinaryOperator[][] = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+"]];

/** Parses an expression whose paths may start with one of `roots`; anything else throws an {@link ExpressionError}. */
export function parseExpression(text: string, roots: readonly string[]): Expression {
  const tokens = tokenise(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: "end", text: "" };
  const take = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const isSymbol = (symbol: string): boolean => peek().kind === "symbol" && peek().text === symbol;
  const expectSymbol = (symbol: string): void => {
    if (!isSymbol(symbol)) throw new ExpressionError(`"${symbol}" is missing before "${peek().text}"`);
    take();
  };

  function choice(): Expression {
    const condition = binary(0);
    if (!isSymbol("?")) return condition;
    take();
    const yes = choice();
    expectSymbol(":");
    return { kind: "choice", condition, yes, no: choice() };
  }

  function binary(level: number): Expression {
    const operators = precedence[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators.find(isSymbol);
      if (!operator) return left;
      take();
      left = { kind: "binary", operator, left, right: binary(level + 1) };
    }
  }

  function unary(): Expression {
    if (isSymbol("!")) {
      take();
      return { kind: "not", operand: unary() };
    }
    if (isSymbol("-")) {
      take();
      const number = take();
      if (number.kind !== "number") throw new ExpressionError(`"-" before "${number.text}" is not supported`);
      return { kind: "literal", value: -Number(number.text) };
    }
    return primary();
  }

  function primary(): Expression {
    const token = take();
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "symbol" && token.text === "(") {
      const inner = choice();
      expectSymbol(")");
      return inner;
    }
    if (token.kind !== "name")
      throw new ExpressionError(token.text ? `"${token.text}" is out of place` : "it ends early");
    if (token.text === "true" || token.text === "false") return { kind: "literal", value: token.text === "true" };
    if (token.text === "null") return { kind: "literal", value: null };
    if (isSymbol("(")) throw new ExpressionError(`the function ${token.text}() is not supported`);
    if (!roots.includes(token.text)) throw new ExpressionError(`"${token.text}" is unknown; use ${roots.join(" or ")}`);
    return { kind: "path", root: token.text, path: path() };
  }

  function path(): (string | number)[] {
    const names: (string | number)[] = [];
    for (;;) {
      if (isSymbol(".")) {
        take();
        const name = take();
        if (name.kind !== "name") throw new ExpressionError(`a name is missing after "."`);
        if (isSymbol("(")) throw new ExpressionError(`the function ${name.text}() is not supported`);
        names.push(name.text);
      } else if (isSymbol("[")) {
        take();
        const index = take();
        if (index.kind !== "string" && index.kind !== "number") throw new ExpressionError("an index must be a literal");
        names.push(index.kind === "number" ? Number(index.text) : index.text);
        expectSymbol("]");
      } else return names;
    }
  }

  const expression = choice();
  if (peek().kind !== "end") throw new ExpressionError(`"${peek().text}" is out of place`);
  return expression;
}
