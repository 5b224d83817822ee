import jsonld from "jsonld";
import { contextOf, enrol, ISSUED_AT, signAsDevice, subjectOf } from "../../e2e/simulators/guardian/testing";
import { createContextLoader } from "../../lib/guardian/contexts/loader";
import type { Result } from "./results";

const RECORDS = 200;
/** The first rounds warm the compiler up; of the others, which take turns, the quickest is disturbed least. */
const WARM_UP = 3;
const ROUNDS = 8;

/**
 * Signatures a second, of a subject with typed fields and a nested object, over canonicalisations a second of the same credential by jsonld alone, with
 * the same contexts. Signing canonicalises the proof's options, too.
 */
export async function signVsJsonld(): Promise<Record<string, Result>> {
  const enrolled = await enrol({ fields: "typed", context: "own-terms" });
  const subject = subjectOf(enrolled);
  const { proof: _, ...unsigned } = (await signAsDevice(enrolled, subject)).credential;
  const documentLoader = createContextLoader(contextOf(enrolled));
  const signing = { seconds: Number.POSITIVE_INFINITY };
  const canonising = { seconds: Number.POSITIVE_INFINITY };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // Another instant each time, as for records of a day.
    await measure(signing, round, (at) => signAsDevice(enrolled, subject, new Date(ISSUED_AT.getTime() + at * 1000)));
    await measure(canonising, round, (at) => {
      const issuanceDate = new Date(ISSUED_AT.getTime() + at * 1000).toISOString();
      const canonizeOptions = { algorithm: "RDFC-1.0" } as const;
      return jsonld.canonize(
        { ...unsigned, issuanceDate },
        { documentLoader, safe: true, base: null, canonizeOptions },
      );
    });
  }
  const each = (seconds: number) => `${Math.round(RECORDS / seconds)}/s`;
  return {
    "sign-vs-jsonld": {
      value: canonising.seconds / signing.seconds,
      unit: "ratio",
      goal: "at least 0.8",
      note: `signatures ${each(signing.seconds)}, jsonld alone ${each(canonising.seconds)}, a core each`,
    },
  };
}

/** Processor seconds: the machine may be doing something else. */
async function measure(
  best: { seconds: number },
  round: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  const before = process.cpuUsage();
  for (let at = 0; at < RECORDS; at++) await work(at);
  const { user, system } = process.cpuUsage(before);
  if (round >= WARM_UP) best.seconds = Math.min(best.seconds, (user + system) / 1e6);
}
