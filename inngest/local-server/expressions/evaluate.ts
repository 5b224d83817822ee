import type { BinaryOperator, Expression } from "./parse";
import { parseExpression } from "./parse";

/** The values an expression may look at, by root name. */
export type Scope = Record<string, unknown>;

/**
 * The value of an expression. A path that leads nowhere is `undefined`, which equals nothing but the literal `null`:
 * two events that both lack a field must never match on it.
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "path":
      return expression.path.reduce<unknown>(member, scope[expression.root]);
    case "not":
      return evaluate(expression.operand, scope) !== true;
    case "choice":
      return evaluate(evaluate(expression.condition, scope) === true ? expression.yes : expression.no, scope);
    case "binary":
      return applyOperator(expression.operator, expression.left, expression.right, scope);
  }
}

function member(value: unknown, name: string | number): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function applyOperator(operator: BinaryOperator, leftSide: Expression, rightSide: Expression, scope: Scope): unknown {
  const left = evaluate(leftSide, scope);
  if (operator === "&&") return left === true && evaluate(rightSide, scope) === true;
  if (operator === "||") return left === true || evaluate(rightSide, scope) === true;
  const right = evaluate(rightSide, scope);
  switch (operator) {
    case "==":
      return equals(left, right);
    case "!=":
      return !equals(left, right);
    case "+":
      return add(left, right);
    default:
      return compare(operator, left, right);
  }
}

function equals(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === null || right === null;
  if (left !== null && right !== null && typeof left === "object" && typeof right === "object") {
    const [leftKeys, rightKeys] = [Object.keys(left), Object.keys(right)];
    if (Array.isArray(left) !== Array.isArray(right) || leftKeys.length !== rightKeys.length) return false;
    return leftKeys.every((key) => equals(Reflect.get(left, key), member(right, key)));
  }
  return left === right;
}

function add(left: unknown, right: unknown): unknown {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" || typeof right === "string") return text(left) + text(right);
  return undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value ?? null) ?? "null");
}

function compare(operator: BinaryOperator, left: unknown, right: unknown): boolean {
  const areNumbers = typeof left === "number" && typeof right === "number";
  const areStrings = typeof left === "string" && typeof right === "string";
  if (!areNumbers && !areStrings) return false;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  if (operator === ">") return left > right;
  return left >= right;
}

const parsed = new Map<string, Expression>();

/** Evaluates an expression that was accepted before; its parsed form is kept, as the same few are used all the time. */
export function evaluateText(source: string, scope: Scope): unknown {
  let expression = parsed.get(source);
  if (!expression) {
    expression = parseExpression(source, ["event", "async"]);
    if (parsed.size >= 1_000) parsed.clear();
    parsed.set(source, expression);
  }
  return evaluate(expression, scope);
}
