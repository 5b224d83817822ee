import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseSecretKeys } from "../../lib/secrets";
import { loadSecrets, secretsFileOf } from "./secrets-file";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meterproof-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes secrets once, for this user's eyes only", async () => {
  const first = await loadSecrets(folder, {});
  expect(parseSecretKeys(first.METERPROOF_SECRET_KEYS)).toHaveLength(1);
  expect((await stat(secretsFileOf(folder))).mode & 0o777).toBe(0o600);
  expect(await loadSecrets(folder, {})).toEqual(first);
});

it("takes what is given, and does not write it down", async () => {
  const given = { NEXTAUTH_SECRET: "from the environment, long enough" };
  expect((await loadSecrets(folder, given)).NEXTAUTH_SECRET).toBe(given.NEXTAUTH_SECRET);
  expect(await readFile(secretsFileOf(folder), "utf8")).not.toContain(given.NEXTAUTH_SECRET);
});

it("never replaces a file it cannot read, and refuses one that others can", async () => {
  for (const text of ["{ half", "", "null", "[]", '{"NEXTAUTH_SECRET":""}', '{"NEXTAUTH_SECRET":7}']) {
    await writeFile(secretsFileOf(folder), text, { mode: 0o600 });
    await expect(loadSecrets(folder, {}), text).rejects.toThrow(/is damaged: put back a copy/);
    expect(await readFile(secretsFileOf(folder), "utf8")).toBe(text);
  }
  await chmod(secretsFileOf(folder), 0o644);
  await expect(loadSecrets(folder, {})).rejects.toThrow(/can be read by other users/);
});
