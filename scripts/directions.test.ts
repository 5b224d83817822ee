import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The lint itself is tried: files with one import each are planted beside a copy of the configuration. */
const DIRECTION = "lint/style/noRestrictedImports";
const CYCLE = "lint/suspicious/noImportCycles";

const refused: [file: string, imported: string][] = [
  ["lib/meters/a.ts", "react"],
  ["lib/meters/b.ts", "react-dom/server"],
  ["lib/meters/c.ts", "next/headers"],
  ["lib/meters/d.ts", "next-auth"],
  ["lib/meters/e.ts", "@/app/page"],
  ["lib/meters/f.ts", "../../components/ui/button"],
  ["lib/meters/g.ts", "@/inngest/client"],
  ["lib/meters/h.ts", "inngest"],
  ["lib/meters/i.ts", "../../e2e/simulators/control"],
  ["lib/meters/j.ts", "../../scripts/postgres"],
  ["lib/k.ts", "../inngest/events"],
  ["lib/meters/l.test.ts", "../../components/ui/button"],
  ["lib/auth/a.ts", "react"],
  ["lib/auth/b.ts", "../../app/page"],
  ["lib/connectors/solcast/a.ts", "../../db/client"],
  ["lib/connectors/solcast/b.ts", "../../env"],
  ["lib/connectors/solcast/c.ts", "@/lib/runtime"],
  ["lib/connectors/solcast/d.ts", "node:fs"],
  ["lib/connectors/solcast/e.ts", "drizzle-orm"],
  ["lib/connectors/solcast/f.ts", "../wattwatchers/parse"],
  ["lib/connectors/g.ts", "../db/client"],
  ["components/meters/a.tsx", "@/app/page"],
  ["components/meters/b.tsx", "../../inngest/client"],
  ["components/meters/c.tsx", "@/e2e/simulators/control"],
  ["app/(console)/meters/a.tsx", "@/inngest/client"],
  ["app/(console)/meters/b.tsx", "inngest"],
  ["app/(console)/meters/c.tsx", "@/scripts/postgres"],
  ["app/api/inngest/a.ts", "@/components/ui/button"],
  ["inngest/functions/a.ts", "../../components/ui/button"],
  ["inngest/functions/b.ts", "@/app/page"],
  ["inngest/functions/c.ts", "next/server"],
  ["inngest/local-server/a.ts", "../client"],
  ["inngest/local-server/queue/b.ts", "../../events"],
  ["inngest/local-server/queue/c.ts", "../../../lib/units"],
  ["inngest/local-server/queue/d.ts", "@/lib/units"],
  ["inngest/local-server/queue/e.ts", "drizzle-orm"],
];

const allowed: [file: string, imported: string][] = [
  ["lib/meters/ok-a.ts", "../db/client"],
  ["lib/meters/ok-b.ts", "zod"],
  ["lib/meters/ok-c.test.ts", "../../e2e/simulators/control"],
  ["lib/auth/ok-a.ts", "next/headers"],
  ["lib/connectors/registry.ts", "./solcast/ok-a"],
  ["lib/connectors/solcast/ok-a.ts", "../contract"],
  ["lib/connectors/solcast/ok-b.ts", "../../units"],
  ["lib/connectors/solcast/ok-c.ts", "../../metrics/registry"],
  ["lib/connectors/solcast/ok-d.ts", "zod"],
  ["lib/connectors/solcast/ok-e.test.ts", "node:fs"],
  ["components/meters/ok-a.tsx", "@/lib/units"],
  ["app/(console)/meters/ok-a.tsx", "@/components/ui/button"],
  ["app/api/inngest/ok-a.ts", "@/inngest/index"],
  ["inngest/functions/ok-a.ts", "@/lib/units"],
  ["inngest/local-server/queue/ok-a.ts", "../protocol/b"],
  ["inngest/local-server/ok-b.ts", "postgres"],
];

const root = new URL("..", import.meta.url).pathname;
let folder = "";
let found = new Map<string, Set<string>>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meterproof-directions-"));
  const configuration = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  // The copy is no git repository; everything else stays.
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...configuration, vcs: { enabled: false } }));
  cpSync(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [file, imported] of [...refused, ...allowed]) plant(file, `export * from "${imported}";\n`);
  plant("lib/cycle/one.ts", 'import { two } from "./two";\nexport const one = () => two;\n');
  plant("lib/cycle/two.ts", 'import { one } from "./one";\nexport const two = () => one;\n');
  found = lint();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(file: string, text: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function lint() {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const folders = ["app", "components", "inngest", "lib"];
  const run = spawnSync(process.execPath, [biome, "lint", ...folders, "--max-diagnostics=none", "--reporter=json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(run.stdout) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  const byFile = new Map<string, Set<string>>();
  for (const { category, location } of diagnostics) {
    const file = typeof location.path === "string" ? location.path : location.path.file;
    byFile.set(file, (byFile.get(file) ?? new Set()).add(category));
  }
  return byFile;
}

describe("the lint", () => {
  it.each(refused)("refuses that %s imports %s", (file) => {
    expect([...(found.get(file) ?? [])]).toContain(DIRECTION);
  });

  it.each(allowed)("lets %s import %s", (file) => {
    expect([...(found.get(file) ?? [])]).not.toContain(DIRECTION);
  });

  it("refuses an import cycle", () => {
    expect([...(found.get("lib/cycle/one.ts") ?? [])]).toContain(CYCLE);
  });
});
