import { afterEach, expect, it, vi } from "vitest";
import { Unavailable } from "./errors";
import { log } from "./log";
import { asAppError, logUnknown } from "./unknown-error";

/** As drizzle throws it in another bundle of the application, where its class is another one. */
function aFailedQuery(cause: Error): Error {
  const parts = { query: "insert into t values ($1)", params: ["secret-parameter"], cause };
  return Object.assign(new Error(`Failed query: ${parts.query}\nparams: ${parts.params}`), parts);
}

afterEach(() => {
  vi.restoreAllMocks();
});

it("logs the statement that failed, and none of its parameters", () => {
  const logged = vi.spyOn(log, "error").mockImplementation(() => undefined);
  logUnknown(aFailedQuery(new Error("duplicate key")), { errorId: "1" });
  expect(logged).toHaveBeenCalledTimes(1);
  const [fields] = logged.mock.calls[0] ?? [];
  expect(fields).toMatchObject({ query: "insert into t values ($1)", err: { message: "duplicate key" } });
  expect(JSON.stringify(fields, Object.getOwnPropertyNames(fields))).not.toContain("secret-parameter");
  expect(String((fields as unknown as { err: Error }).err.stack)).not.toContain("secret-parameter");
});

it("tells a database that cannot be reached from what nobody expected", () => {
  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  expect(asAppError(aFailedQuery(gone))).toBeInstanceOf(Unavailable);
  expect(asAppError(aFailedQuery(new Error("duplicate key")))).toBeUndefined();
});
