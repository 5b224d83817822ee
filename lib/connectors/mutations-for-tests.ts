/** Seeded mutations of file contents, for the fuzz tests. */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Mutated {
  bytes: Uint8Array;
  what: string;
}

const ODD_TEXTS = [
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "-0",
  "1e999",
  "-1e308",
  "9".repeat(400),
  "0x1F",
  "1,234.5",
  "\u0000",
  "\uFEFF",
  "\r",
  "\n",
  '"',
  '""',
  "<",
  "&amp;&lol;",
  "]]>",
  "<![CDATA[",
  "<!--",
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
  "</feed>",
  "<entry><entry><entry>",
  "{",
  "[[[[",
  "\ud83d\ude00",
  ",".repeat(5_000),
  "999999999999999",
  "-1",
  "20260230",
  "2026-11-01T25:61",
  " ",
];

type Mutate = (bytes: Buffer, random: () => number) => Buffer;

/** A piece of up to a twentieth of the bytes. */
function piece(bytes: Buffer, random: () => number): [number, number] {
  const from = Math.floor(random() * bytes.length);
  return [from, Math.min(bytes.length, from + 1 + Math.floor((random() * bytes.length) / 20))];
}

/** A word of the text: what stands between marks. */
function word(bytes: Buffer, random: () => number): [number, number] {
  const isWord = (at: number) => /[\w.+-]/.test(String.fromCharCode(bytes[at] ?? 0));
  let from = Math.floor(random() * bytes.length);
  while (from > 0 && isWord(from - 1)) from -= 1;
  let to = from;
  while (to < bytes.length && isWord(to)) to += 1;
  return [from, to];
}

const replaced = (bytes: Buffer, [from, to]: [number, number], by: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T;

const MUTATIONS: Record<string, Mutate> = {
  cut: (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  headless: (bytes, random) => bytes.subarray(Math.floor(random() * bytes.length)),
  "flipped bytes": (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let times = 1 + Math.floor(random() * 8); times > 0; times--) {
      copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
    }
    return copy;
  },
  "a piece left out": (bytes, random) => replaced(bytes, piece(bytes, random), Buffer.alloc(0)),
  "a piece twice": (bytes, random) => {
    const [from, to] = piece(bytes, random);
    return replaced(bytes, [to, to], bytes.subarray(from, to));
  },
  "a piece elsewhere": (bytes, random) => {
    const [from, to] = piece(bytes, random);
    const at = Math.floor(random() * bytes.length);
    return replaced(bytes, [at, at], bytes.subarray(from, to));
  },
  "lines out of order": (bytes, random) => {
    const lines = bytes.toString("latin1").split("\n");
    for (let times = 3; times > 0; times--) {
      const a = Math.floor(random() * lines.length);
      const b = Math.floor(random() * lines.length);
      [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
    }
    return Buffer.from(lines.join("\n"), "latin1");
  },
  "an odd word": (bytes, random) => replaced(bytes, word(bytes, random), Buffer.from(pick(ODD_TEXTS, random))),
  "an odd text between": (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    return replaced(bytes, [at, at], Buffer.from(pick(ODD_TEXTS, random)));
  },
  "binary between": (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    const noise = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256)));
    return replaced(bytes, [at, at], noise);
  },
  "another encoding": (bytes, random) => {
    const text = bytes.toString();
    const encodings = [
      () => Buffer.from(text, "utf16le"),
      () => Buffer.from(`\uFEFF${text}`, "utf16le"),
      () => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
      () => Buffer.from(text.replaceAll("e", "é"), "latin1"),
      () => Buffer.from(`\uFEFF${text}`),
    ];
    return pick(encodings, random)();
  },
  "other line ends": (bytes, random) =>
    Buffer.from(
      bytes.toString("latin1").replaceAll(/\r?\n/g, pick(["\r", "\n\r", "\r\n", "", "\u2028"], random)),
      "latin1",
    ),
  "other marks": (bytes, random) => {
    const [from, to] = pick(
      [
        [",", ";"],
        [".", ","],
        ['"', "'"],
        [">", ""],
        ["}", ""],
        [":", ""],
        ["-", ""],
        ["/", ""],
      ],
      random,
    ) as [string, string];
    return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
  },
  "a long line": (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    return replaced(bytes, [at, at], Buffer.alloc(300_000, pick(["1", "1,", "<a>", "x ", '"'], random)));
  },
};

/** One to three mutations of the bytes; the first alone where it is a cut. */
export function mutate(original: Uint8Array, random: () => number): Mutated {
  let bytes = Buffer.from(original);
  const names: string[] = [];
  for (let times = 1 + Math.floor(random() * 3); times > 0 && bytes.length > 0; times--) {
    const name = pick(Object.keys(MUTATIONS), random);
    names.push(name);
    bytes = Buffer.from((MUTATIONS[name] as Mutate)(bytes, random));
    if (name === "cut") break;
  }
  return { bytes, what: names.join(", ") };
}
