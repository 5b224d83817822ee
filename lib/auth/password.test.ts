import { expect, it } from "vitest";
import { assertGoodPassword, hashPassword, matchesPassword } from "./password";

const person = { email: "otto.operator@example.com", name: "Otto Operator" };

it.each(["meterproof-demo", "correct horse battery", "пароль на кухне", "operator of twelve dams"])(
  "takes %s",
  (password) => {
    expect(() => assertGoodPassword(password, person)).not.toThrow();
  },
);

it.each([
  ["eleven chars", "abcdefgh-jk"],
  ["one character again and again", "aaaaaaaaaaaaaaaa"],
  ["a common word and a few digits", "Password1234"],
  ["the person's name and a few digits", "Operator2026!"],
  ["the address", "otto.operator@example.com"],
  ["more than can be worked on", "x1y2z".repeat(41)],
])("refuses %s", (_what, password) => {
  expect(() => assertGoodPassword(password, person)).toThrow();
});

it("knows a password typed with other code points of the same letters", async () => {
  const hash = await hashPassword("cafe\u0301 au lait demain");
  expect(await matchesPassword(hash, "caf\u00e9 au lait demain")).toBe(true);
});
