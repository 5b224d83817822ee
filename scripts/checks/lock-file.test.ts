import { expect, it } from "vitest";
import { lockFileCompleteness, missingFromLock } from "./lock-file";

it("finds what a lock file leaves out, wherever Node would look for it", () => {
  const packages = {
    "": {},
    "node_modules/a": { optionalDependencies: { "@a/linux": "1.0.0", "@a/mac": "1.0.0" } },
    "node_modules/@a/linux": {},
    "node_modules/b/node_modules/c": { optionalDependencies: { near: "1.0.0", middle: "1.0.0", far: "1.0.0" } },
    "node_modules/b/node_modules/c/node_modules/near": {},
    "node_modules/b/node_modules/middle": {},
    "node_modules/far": {},
  };
  expect(missingFromLock(packages)).toEqual(["@a/mac@1.0.0"]);
});

it("finds nothing in ours", async () => {
  expect(await lockFileCompleteness()).toEqual({ code: 0, output: "" });
});
