/**
 * A PostgreSQL array literal for ids, numbers and ISO instants. One text parameter carries thousands of values, where
 * a parameter for each would hit the protocol's limit of 65,535. Refuses text that would need quoting.
 */
export function arrayLiteral(values: readonly (string | number)[]): string {
  const literal = `{${values.join(",")}}`;
  if (/["\\\s]/.test(literal)) throw new Error("arrayLiteral is for ids, numbers and instants only.");
  return literal;
}
