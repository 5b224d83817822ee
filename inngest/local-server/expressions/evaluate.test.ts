import { describe, expect, it } from "vitest";
import { evaluateText } from "./evaluate";
import { parseExpression } from "./parse";

const scope = {
  event: { data: { account: "a1", n: 5, plan: "gold", list: ["x", "y"], "odd key": true, nothing: null } },
  async: { data: { account: "a1", other: { n: 5 } } },
};

describe("an expression", () => {
  it.each([
    ["event.data.account", "a1"],
    ['"vendor-" + event.data.account', "vendor-a1"],
    ["event.data.account + '/' + event.data.n", "a1/5"],
    ["event.data.account == async.data.account", true],
    ["event.data.n == async.data.other.n && event.data.n >= 5", true],
    ["event.data.n + 1", 6],
    ['event.data.plan == "gold" ? 120 : -60', 120],
    ['event.data.plan == "iron" ? 120 : event.data.n > 4 ? -60 : 0', -60],
    ['event.data["odd key"] && !(event.data.list[1] == "x")', true],
    ["event.data.list == event.data.list", true],
    ["event.data.n == '5'", false],
    ["event.data.n < 'b'", false],
    ["true || false && false", true],
  ])("%s is %j", (text, value) => {
    expect(evaluateText(text, scope)).toEqual(value);
  });

  it("never matches two events on a field that both lack", () => {
    expect(evaluateText("event.data.gone == async.data.gone", scope)).toBe(false);
    expect(evaluateText("event.data.gone != async.data.gone", scope)).toBe(true);
    expect(evaluateText("event.data.gone == null && event.data.nothing == null", scope)).toBe(true);
  });

  it("does not see what objects inherit", () => {
    expect(evaluateText("event.data.constructor == null", scope)).toBe(true);
    expect(evaluateText("event.data.account.length == null", scope)).toBe(true);
  });

  it.each([
    "size(event.data.list)",
    "event.data.list.exists(x, x == 1)",
    "event.data.n * 2",
    "event.data.n in [1]",
    "user.name",
    "async.data.x",
    "event.data.",
    "event.data.a ==",
    "event.data.a b",
    "{{ event.data.a }}",
    "",
  ])("%s is refused", (text) => {
    expect(() => parseExpression(text, ["event"])).toThrow();
  });
});
