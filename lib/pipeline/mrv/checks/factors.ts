import { counts } from "../../../mrv/evidence/figures";
import { type CheckInput, notApplicable, type RecordCheck, type Verdict } from "./check";
import { counted, plural, some, when } from "./words";

export const factors: RecordCheck = {
  name: "factors",
  label: "Factor covers the period",
  isBlocking: false,
  run(input) {
    const { evidence, meter } = input;
    const used = evidence.factors;
    const isAsked = fieldsOf(input).some((from) => from === "carbonTons" || from === "emissionFactor");
    if (meter.region === null && used.length === 0 && !isAsked) {
      return notApplicable("The meter has no region, so no carbon is calculated, and no field asks for it.");
    }
    const trouble = troubles(input);
    const verdict: Verdict = {
      result: trouble.length === 0 ? "passed" : "failed",
      figure: used.length === 0 ? "none" : plural(used.length, "factor"),
      threshold: fieldsOf(input).includes("emissionFactor") ? "exactly 1" : "at least 1",
      sentence: trouble.length > 0 ? trouble.join(" ") : `${some(used.map(nameOf))}.`,
    };
    return verdict;
  },
};

function troubles(input: CheckInput): string[] {
  const { evidence, readings, meter, supersededAt, timezone } = input;
  const found: string[] = [];
  const own = readings.filter(counts);
  const without = own.filter(({ carbonTons }) => carbonTons === null).length;
  if (without > 0) {
    found.push(
      `Without carbon: ${counted(without)} of ${plural(own.length, "reading")}. No factor holds for ${meter.region ?? "a meter without a region"} then.`,
    );
  }
  if (own.length === 0) found.push("There is no reading with carbon.");
  const byId = new Map(evidence.factors.map((factor) => [factor.id, factor]));
  for (const factor of evidence.factors) {
    if (supersededAt.get(factor.id)) found.push(`${nameOf(factor)} was superseded: recompute the carbon.`);
    if (factor.region !== meter.region) {
      found.push(`${nameOf(factor)} is of another region than the meter's (${meter.region ?? "none"}).`);
    }
  }
  const outside = own.find(({ factorId, startAt }) => {
    const factor = factorId === null ? undefined : byId.get(factorId);
    if (!factor) return false;
    const isBefore = startAt * 1000 < Date.parse(factor.validFrom);
    return isBefore || (factor.validTo !== null && startAt * 1000 >= Date.parse(factor.validTo));
  });
  if (outside) found.push(`The reading of ${when(outside.startAt, timezone)} uses a factor that does not hold then.`);
  if (evidence.factors.length > 1 && fieldsOf(input).includes("emissionFactor")) {
    found.push(`A field asks for the one factor, and there are ${counted(evidence.factors.length)}.`);
  }
  return found;
}

const nameOf = ({ publisher, edition, region, value }: CheckInput["evidence"]["factors"][number]) =>
  `${publisher} ${edition}, ${region}, ${value} kg/kWh`;

const fieldsOf = ({ settings }: CheckInput) => Object.values(settings.MRV_FIELD_MAP).map(({ from }) => from);
