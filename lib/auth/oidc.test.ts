import { beforeAll, expect, it, vi } from "vitest";
import { testDatabase } from "../db/testing";
import { createUser } from "../users/create-user";
import { updateUser } from "../users/update-user";
import { userOfOidcProfile } from "./oidc";

vi.mock("../env", () => ({ env: () => ({}) }));

const database = testDatabase();
const ctx = () => ({ db: database.db, actor: { kind: "system", name: "test" } as const });
const claims = { sub: "x", email: "Ada@example.com", email_verified: true };
let id: string;

beforeAll(async () => {
  const user = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
  id = (await createUser(ctx(), { ...user, roles: ["viewer"] })).id;
});

it("finds the account of an address that the provider has checked", async () => {
  expect(await userOfOidcProfile(database.db, claims)).toMatchObject({ id, roles: ["viewer"], sessionEpoch: 1 });
});

it("finds nobody for an address that was not checked, is unknown, or is not there", async () => {
  for (const wrong of [
    { ...claims, email_verified: false },
    { ...claims, email_verified: "true" as unknown as boolean },
    { sub: "x", email: "ada@example.com" },
    { ...claims, email: "eve@example.com" },
    { sub: "x", email_verified: true },
    undefined,
  ]) {
    expect(await userOfOidcProfile(database.db, wrong)).toBeNull();
  }
});

it("does not open a disabled account", async () => {
  await updateUser(ctx(), { userId: id, isDisabled: true });
  expect(await userOfOidcProfile(database.db, claims)).toBeNull();
});
