import { expect, it } from "vitest";
import { type Actor, authorise, can } from "./actor";
import { type Permission, permissions, type Role, roles } from "./roles";

const actorOf = (role: Role, meterIds: string[] | null = null): Actor => ({
  kind: "token",
  id: "t",
  name: "t",
  roles: [role],
  meterIds,
});

const table = Object.entries(permissions) as [Permission, readonly Role[]][];

it.each(table)("%s is for its roles only", (permission, allowed) => {
  for (const role of roles) expect([role, can(actorOf(role), permission)]).toEqual([role, allowed.includes(role)]);
  expect(can({ kind: "user", id: "u", name: "u", roles: [] }, permission)).toBe(false);
});

it("keeps a token inside its meters", () => {
  const token = actorOf("admin", ["a"]);
  expect(() => authorise(token, "meters:edit", "a")).not.toThrow();
  expect(() => authorise(token, "meters:edit", "b")).toThrow(/limited to other meters/);
});

it("gives a token that is limited to meters nothing that is about all of them", () => {
  for (const permission of ["users:edit", "tokens:edit", "settings:edit", "factors:edit"] as const) {
    expect(can(actorOf("admin", ["a"]), permission)).toBe(false);
    expect(can(actorOf("admin"), permission)).toBe(true);
  }
});
