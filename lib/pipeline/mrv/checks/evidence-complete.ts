import { passedIf, type RecordCheck } from "./check";
import { plural } from "./words";

export const evidenceComplete: RecordCheck = {
  name: "evidence",
  label: "Evidence complete",
  isBlocking: true,
  run({ evidence, readings, objects }) {
    const named = new Map(evidence.objects.map((object) => [object.id, object]));
    const wanted = new Set([
      ...readings.map(({ objectId }) => objectId),
      ...evidence.objects.flatMap(({ inputIds }) => inputIds),
    ]);
    const missing = [...wanted].filter((id) => !named.has(id) || !objects.has(id));
    const changed = [...named.values()].filter(({ id, sha256 }) => objects.has(id) && objects.get(id) !== sha256);
    const rawless = evidence.objects.filter(({ kind, inputIds }) => kind === "transformed" && inputIds.length === 0);
    const bad = missing.length + changed.length + rawless.length;
    const sentence =
      missing.length > 0
        ? `Not in the list of the archive: ${plural(missing.length, "object")} behind the readings, such as ${missing[0]}.`
        : changed.length > 0
          ? `Another SHA-256 than the evidence has: ${plural(changed.length, "object")}, such as ${changed[0]?.id}.`
          : rawless.length > 0
            ? `Without raw bytes: ${plural(rawless.length, "transformed object")}, such as ${rawless[0]?.id}.`
            : "Every reading leads to raw bytes with their SHA-256.";
    return {
      result: passedIf(bad === 0),
      figure: plural(evidence.objects.length, "object"),
      threshold: "each with its hash",
      sentence,
    };
  },
};
