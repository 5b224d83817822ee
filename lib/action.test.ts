import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { action, openAction } from "./action";
import type { Actor } from "./auth/actor";
import { Conflict, InvalidInput } from "./errors";
import { log } from "./log";

const next = vi.hoisted(() => ({ revalidatePath: vi.fn(), actor: null as Actor | null, requestDispatch: vi.fn() }));
vi.mock("./runtime", () => ({ getDb: () => ({}), getWorker: () => ({}), requestDispatch: next.requestDispatch }));
vi.mock("./auth/session", () => ({ currentActor: async () => next.actor }));
vi.mock("next/cache", () => ({ revalidatePath: next.revalidatePath }));

const schema = z.strictObject({ name: z.string().min(1), password: z.string().optional() });
const viewer: Actor = { kind: "user", id: "u", name: "Vera", roles: ["viewer"] };

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

beforeEach(() => {
  next.actor = viewer;
  next.revalidatePath.mockClear();
});

describe("an action", () => {
  it("calls the verb as who is signed in, and refreshes what changed", async () => {
    const verb = vi.fn(async (_ctx: unknown, { name }: { name: string }) => name.toUpperCase());
    const run = action(schema, verb, { revalidate: ({ name }, data) => [`/${name}`, `/${data}`] });
    expect(await run(null, form({ name: "a" }))).toEqual({ ok: true, data: "A" });
    expect(verb.mock.calls[0]?.[0]).toMatchObject({ actor: viewer });
    expect(next.revalidatePath.mock.calls).toEqual([["/a"], ["/A"]]);
    expect(await run(null, { name: "b" })).toEqual({ ok: true, data: "B" });
  });

  it("says whether the work that a verb gave to do begins at once", async () => {
    const run = action(schema, async ({ startWork }) => startWork?.());
    next.requestDispatch.mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    expect(await run(null, { name: "a" })).toEqual({ ok: true, data: undefined, isStarted: true });
    expect(await run(null, { name: "a" })).toEqual({ ok: true, data: undefined, isStarted: false });
    expect(await action(schema, async () => 1)(null, { name: "a" })).toEqual({ ok: true, data: 1 });
    expect(next.requestDispatch).toHaveBeenCalledTimes(2);
  });

  it("says what is wrong at the field, and keeps what was typed but no password", async () => {
    const run = action(schema, async () => null);
    expect(await run(null, form({ name: "", password: "hunter2" }))).toEqual({
      ok: false,
      message: "name: This is needed.",
      fields: { name: "This is needed." },
      values: { name: "" },
    });
  });

  it("gives a verb's error as its sentence, and refreshes nothing", async () => {
    const fails = (error: unknown) => action(schema, () => Promise.reject(error), { revalidate: () => "/" });
    expect(await fails(new Conflict("Changed."))(null, form({ name: "a" }))).toMatchObject({
      ok: false,
      message: "Changed.",
    });
    const invalid = new InvalidInput("No.", { name: "Not this." });
    expect(await fails(invalid)(null, form({ name: "a" }))).toMatchObject({
      fields: { name: "Not this." },
      values: { name: "a" },
    });
    expect(next.revalidatePath).not.toHaveBeenCalled();
  });

  it("hides an unknown error behind the id it is logged with", async () => {
    const logged = vi.spyOn(log, "error").mockImplementation(() => undefined);
    const state = await action(schema, () => Promise.reject(new Error("hunter2")))(null, form({ name: "a" }));
    expect(JSON.stringify(state)).not.toContain("hunter2");
    const about = logged.mock.calls[0]?.[0] as { errorId: string } | undefined;
    expect(state).toEqual({
      ok: false,
      message: `Something went wrong here. It was logged as ${about?.errorId}.`,
      fields: {},
      values: { name: "a" },
    });
    logged.mockRestore();
  });

  it("refuses somebody who is not signed in, before the verb; an open one lets them, without any role", async () => {
    next.actor = null;
    const verb = vi.fn(async (ctx: { actor: Actor }) => ctx.actor);
    expect(await action(schema, verb)(null, form({ name: "a" }))).toMatchObject({ ok: false, values: { name: "a" } });
    expect(verb).not.toHaveBeenCalled();
    expect(await openAction(schema, verb)(null, form({ name: "a" }))).toMatchObject({
      data: { roles: [], meterIds: [] },
    });
  });

  it("leaves for another page by Next's own means", async () => {
    const run = action(schema, async () => null, { redirect: () => "/meters" });
    await expect(run(null, form({ name: "a" }))).rejects.toMatchObject({ digest: expect.stringContaining("/meters") });
  });
});
