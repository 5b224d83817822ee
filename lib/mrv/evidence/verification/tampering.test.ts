import { beforeAll, describe, expect, it } from "vitest";
import { enrol } from "../../../../e2e/simulators/guardian/testing";
import { testDatabase } from "../../../db/testing";
import { newId } from "../../../ids";
import { sha256Hex } from "../../../secrets";
import { aSubmittedRecord, bundleOf, onDisk } from "../testing";
import { changeManifest, entriesOf, type Files, repacked, replaceIn } from "../testing-repack";
import { aDay, sources } from "../testing-sources";
import { verifyBundle } from "./verify-bundle";

const database = testDatabase();
let bundle: Buffer;
let names: string[];
const nameOf = (part: string) => names.find((name) => name.startsWith(part)) ?? part;

beforeAll(async () => {
  // Two readings: a small bundle, so that many bytes of it can be tried.
  const bounds = [aDay[0], "2026-02-28T15:00:00Z"] as const;
  const recorded = await aSubmittedRecord(database.db, { from: await enrol({}, newId()), bounds, ...sources.CSV(2) });
  bundle = await bundleOf(recorded);
  names = (await entriesOf(bundle)).map(({ name }) => name);
});

async function found(bytes: Uint8Array) {
  const report = await verifyBundle(await onDisk("tampered.zip", bytes));
  const differing = report.steps.filter(({ outcome }) => outcome === "differs").map(({ name }) => name);
  const places = report.steps.flatMap(({ differences }) =>
    differences.map(({ place, sentence }) => `${place}: ${sentence}`),
  );
  return { report, differing, places };
}

/** Where a bundle's bytes are, by the word that a report must say of each. */
async function regions(): Promise<{ from: number; to: number; place: string }[]> {
  const entries = await entriesOf(bundle);
  const stretches = entries.flatMap(({ name, dataOffset, sizeBytes }) => [
    { from: dataOffset - 30 - name.length, to: dataOffset, place: name },
    { from: dataOffset, to: dataOffset + sizeBytes, place: name },
  ]);
  let at = stretches.at(-1)?.to ?? 0;
  const directory = entries.map(({ name }) => {
    const from = at;
    at += 46 + name.length;
    return { from, to: at, place: name };
  });
  return [...stretches, ...directory, { from: at, to: bundle.length, place: "end of the zip" }];
}

describe("one changed byte", () => {
  it("anywhere makes the bundle different, with the place named", { timeout: 180_000 }, async () => {
    const unseen: string[] = [];
    let covered = 0;
    for (const { from, to, place } of await regions()) {
      expect(from).toBe(covered);
      covered = to;
      // Ends and some between them; headers, which are short, at more places than contents.
      const step = Math.max(1, Math.floor((to - from) / 4));
      for (let offset = from; offset < to; offset = offset === to - 1 ? to : Math.min(offset + step, to - 1)) {
        const changed = Buffer.from(bundle);
        changed[offset] = (changed[offset] ?? 0) ^ (offset % 2 ? 0x01 : 0x20);
        const { report, places } = await found(changed);
        // A header whose name is changed has that name; the directory has the right one.
        const isNamed =
          places.some((each) => each.includes(place)) || /header of file|behind|begin/.test(places.join());
        if (report.isEqual || !isNamed) unseen.push(`${offset} in ${place}: ${places.join(" | ")}`);
      }
    }
    expect(covered).toBe(bundle.length);
    expect(unseen).toEqual([]);
  });

  it("in what raw bytes say is named with the object, and with the reading that becomes another", async () => {
    const raw = nameOf("raw/");
    const entry = (await entriesOf(bundle)).find(({ name }) => name === raw);
    // The last digit of the second row's energy.
    const at = (entry?.dataOffset ?? 0) + (entry?.content.lastIndexOf(",0\n") ?? 0) - 1;
    const changed = Buffer.from(bundle);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const { places, differing } = await found(changed);
    expect(differing).toEqual(["Zip file", "Hashes", "Objects", "Transformation", "Readings"]);
    expect(places.filter((each) => each.startsWith(raw))).toHaveLength(3);
    expect(places.join("\n")).toContain("readings.ndjson, reading 2026-02-28T14:30:00Z: Its eRealPositiveKwh is 0.");
    expect(places.join("\n")).toContain(`when it is made from ${raw}`);
  });
});

describe("a bundle that somebody made consistent again differs where it is wrong", () => {
  const sum = (files: Files) => sha256Hex(Buffer.from(files.get("readings.ndjson") ?? "", "latin1"));

  /** Energy of the second reading, and the hash of readings in the manifest with it. */
  function changeReading(files: Files) {
    const before = sum(files);
    replaceIn(files, "readings.ndjson", /(14:30:00Z",1800,")[^"]+/, "$19.5");
    changeManifest(files, (text) => text.replace(before, sum(files)));
  }

  const attempts: [what: string, change: (files: Files) => void, step: string, place: RegExp][] = [
    [
      "a reading",
      changeReading,
      "Readings",
      /reading 2026-02-28T14:30:00Z: Its eRealPositiveKwh is 9\.5 here, and 0\.\d+ from the raw bytes/,
    ],
    ["a reading", changeReading, "Figures", /manifest.json: The sum of eRealPositiveKwh is/],
    [
      "a reading that is left out",
      (files) => {
        const before = sum(files);
        replaceIn(files, "readings.ndjson", /\[[^\n]+14:30:00Z[^\n]+\n/, "");
        changeManifest(files, (text) => text.replace(before, sum(files)).replace('"count":2', '"count":1'));
      },
      "Readings",
      /reading 2026-02-28T14:30:00Z: It is left out/,
    ],
    [
      "the figure",
      (files) => {
        changeManifest(files, (text) => text.replace(/("unit":"kWh","value":")[^"]+/, "$1999"));
        replaceIn(files, "record.json", /("value": ")[^"]+/, "$1999");
      },
      "Figures",
      /The sum of eRealPositiveKwh is 999 here/,
    ],
    [
      "the figure",
      (files) => {
        changeManifest(files, (text) => text.replace(/("unit":"kWh","value":")[^"]+/, "$1999"));
        replaceIn(files, "record.json", /("value": ")[^"]+/, "$1999");
      },
      "Credential",
      /credential.json, field field1: Its value is "[\d.]+" here, and "999" from the figures/,
    ],
    [
      "a transformed row",
      (files) => {
        const name = [...files.keys()].find((each) => each.startsWith("transformed/")) ?? "";
        const before = sha256Hex(Buffer.from(files.get(name) ?? "", "latin1"));
        replaceIn(files, name, /(14:30:00Z,1800,)[^,]+/, "$17");
        const after = sha256Hex(Buffer.from(files.get(name) ?? "", "latin1"));
        changeManifest(files, (text) => text.replace(before, after));
      },
      "Transformation",
      /transformed\/.+\.csv, line 3, reading 2026-02-28T14:30:00Z: It is ".+", and ".+" when it is made from raw\//,
    ],
    [
      "what an object says of its making",
      (files) => changeManifest(files, (text) => text.replace(/("took":.+?"unit":")Wh/, "$1kWh")),
      "Transformation",
      /reading 2026-02-28T14:00:00Z/,
    ],
    [
      "the time zone of an object",
      (files) =>
        changeManifest(files, (text) => text.replace(/("took":.+?"timezone":")Australia\/Brisbane/, "$1Europe/Berlin")),
      "Transformation",
      /reading 2026-02-28T14:00:00Z/,
    ],
    [
      "two values of the credential that changed places",
      (files) => {
        const [, first = "", second = ""] =
          /"field1":"([^"]+)","field2":"([^"]+)"/.exec(files.get("credential.json") ?? "") ?? [];
        replaceIn(
          files,
          "credential.json",
          /"field1":"[^"]+","field2":"[^"]+"/,
          `"field1":"${second}","field2":"${first}"`,
        );
      },
      "Credential",
      /The values are not those of the payload hash/,
    ],
    [
      "the signature",
      (files) =>
        replaceIn(
          files,
          "credential.json",
          /("jws":"[^"]+\.\.)(.)/,
          (files.get("credential.json") ?? "").includes("..A") ? "$1B" : "$1A",
        ),
      "Credential",
      /The signature does not fit the document/,
    ],
    [
      "the device's key",
      (files) => replaceIn(files, "device.json", /("publicKeyBase58": ")(.)/, "$11"),
      "Credential",
      /credential.json: /,
    ],
    [
      "what was sent",
      (files) => {
        const name = "submissions/1-request.json";
        const before = sha256Hex(Buffer.from(files.get(name) ?? "", "latin1"));
        replaceIn(files, name, '"field2":"3600"', '"field2":"3601"');
        replaceIn(files, "submissions.json", before, sha256Hex(Buffer.from(files.get(name) ?? "", "latin1")));
      },
      "Submissions",
      /submissions\/1-request.json: It is not the request of credential.json: the credential is not in it/,
    ],
    [
      "the answer",
      (files) => files.set("submissions/1-answer", "fals"),
      "Submissions",
      /submissions\/1-answer: Its SHA-256 is/,
    ],
    [
      "a file more",
      (files) => files.set("raw/more.json", "{}"),
      "Files",
      /raw\/more.json: A bundle of this record has no such file/,
    ],
    ["a file less", (files) => files.delete("factors.json"), "Files", /factors.json: It is missing/],
    [
      "the hash of the evidence",
      (files) => replaceIn(files, "record.json", /("evidenceHash": ")./, "$1x"),
      "Manifest",
      /record.json: The evidence hash is x/,
    ],
    [
      "the settings",
      (files) => replaceIn(files, "settings.json", "Brisbane", "Sydney"),
      "Manifest",
      /settings.json: It says something else/,
    ],
    [
      "the number of gaps",
      (files) => changeManifest(files, (text) => text.replace('"expected":2', '"expected":3')),
      "Figures",
      /The number of readings expected is 3 here, and 2 from the readings/,
    ],
  ];

  it.each(attempts)("%s", async (_what, change, step, place) => {
    const { report, places, differing } = await found(await repacked(bundle, change));
    expect(report.isEqual).toBe(false);
    expect(differing).toContain(step);
    expect(places.join("\n")).toMatch(place);
  });

  it("and is equal where nothing was changed", async () => {
    const same = await repacked(bundle, () => undefined);
    expect(same.equals(bundle)).toBe(true);
    expect((await found(same)).report.isEqual).toBe(true);
  });

  it("whatever shape its documents have", async () => {
    for (const name of [
      "manifest.json",
      "record.json",
      "device.json",
      "submissions.json",
      "credential.json",
      "readings.ndjson",
    ]) {
      for (const content of ["", "null", "{}", "[]", "[[1]]", '{"objects":[{}],"factors":[{}]}', "\u0000\u00ff"]) {
        const { report } = await found(await repacked(bundle, (files) => files.set(name, content)));
        expect([name, content, report.isEqual]).toEqual([name, content, false]);
      }
    }
  });
});

it("says of a file that is none in a sentence what is wrong", async () => {
  await expect(verifyBundle("/nowhere/bundle.zip")).rejects.toThrow(
    "/nowhere/bundle.zip cannot be read: there is no such file.",
  );
  await expect(verifyBundle(await onDisk("empty.zip", Buffer.alloc(0)))).rejects.toThrow(
    /empty\.zip is empty: download it again/,
  );
  const { report, places } = await found(Buffer.from("no zip at all"));
  expect([report.isEqual, places]).toEqual([false, ["the zip's beginning: This does not begin as a zip file does."]]);
});
