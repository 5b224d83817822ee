/** One thing that is not as it should be: in which file, object or reading, and what is wrong. */
export interface Difference {
  place: string;
  sentence: string;
}

/** What one check found. Equal where there are no differences. */
export interface Step {
  name: string;
  /** `skipped`: there is nothing to check, or nothing to check it with, which the sentence says. */
  outcome: "equal" | "differs" | "skipped";
  /** With the figures. */
  sentence: string;
  differences: Difference[];
  /** Of more than are listed. */
  differencesInAll: number;
}

export interface VerificationReport {
  isEqual: boolean;
  /** What verified: a later release may read raw bytes otherwise than the one that made the record. */
  verifiedBy: string;
  /** As the bundle has it; null where it could not be read. */
  record: { id: string; status: string; meter: string; period: string; figure: string; extractedBy: string } | null;
  /** SHA-256 of `manifest.json` and of `hashes.txt`, as they are in this file: to be compared with what the console and the audit log say. */
  evidenceHash: string | null;
  hashesSha256: string | null;
  steps: Step[];
}

const MOST_LISTED = 20;

/** Collects what a check finds. */
export class Differences {
  private readonly listed: Difference[] = [];
  private count = 0;

  add(place: string, sentence: string): void {
    this.count += 1;
    if (this.listed.length < MOST_LISTED) this.listed.push({ place, sentence });
  }

  /** Adds a difference unless both are the same. */
  compare(place: string, what: string, found: unknown, expected: unknown, from: string): void {
    if (found === expected) return;
    this.add(place, `${what} is ${shown(found)} here, and ${shown(expected)} ${from}.`);
  }

  get any(): boolean {
    return this.count > 0;
  }

  /** `sentence` is what holds where there are none. */
  step(name: string, sentence: string): Step {
    const found = { differences: this.listed, differencesInAll: this.count };
    if (!this.any) return { name, outcome: "equal", sentence, ...found };
    return { name, outcome: "differs", sentence: `${counted(this.count, "difference")}.`, ...found };
  }
}

export function skipped(name: string, sentence: string): Step {
  return { name, outcome: "skipped", sentence, differences: [], differencesInAll: 0 };
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** `1 reading`, `288 readings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
