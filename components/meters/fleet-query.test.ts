import { expect, it } from "vitest";
import { parseViews, viewOf } from "./fleet-query";

it("knows a view by filters and order, whatever the order in the address and the page", () => {
  expect(viewOf(new URLSearchParams("type=NEM12&state=late,failed&page=3&evil=1"))).toBe(
    "state=late%2Cfailed&type=NEM12",
  );
  expect(viewOf(new URLSearchParams("q=&state=late,failed&type=NEM12"))).toBe("state=late%2Cfailed&type=NEM12");
});

it("reads saved views and takes anything else for none", () => {
  expect(parseViews('[{"name":"North","query":"region=QLD&x=1"},{"name":3}]')).toEqual([
    { name: "North", query: "region=QLD" },
  ]);
  for (const text of [undefined, "", "{", "{}", "null", '["a"]']) expect(parseViews(text)).toEqual([]);
});
