import { type FieldErrors, InvalidInput } from "../../errors";
import { validateSubject } from "../../guardian/validate-subject";
import type { MrvSettings } from "../settings";
import type { RecordFacts } from "./record-facts";
import { builtSubject, type SubjectDevice } from "./subject-of-record";

/**
 * Figures that a schema's bounds are tried with: which ones a meter will have is not known before it has them, so a map fits if the
 * schema is content with any. The first has digits that show a whole number where a fraction is to go.
 */
const TRIED_FIGURES = ["12.345678", "1", "0.5", "100", "1000", "0"];

/** Faults of a field map by field, dotted paths; none: every record of such a period can be signed. `facts` are a sample's, or a real period's. */
export function fieldMapFaults(facts: RecordFacts, settings: MrvSettings, device: SubjectDevice): FieldErrors {
  const rules = Object.values(settings.MRV_FIELD_MAP);
  if (!rules.some(({ from }) => from === "metric" || from === "carbonTons")) {
    return { "": "No field holds a figure: fill at least one from the metric or its carbon." };
  }
  try {
    const first = schemaFaults(facts, settings, device);
    if (Object.keys(first).length === 0) return first;
    const fits = TRIED_FIGURES.some((figure) => {
      const tried = withFigure(facts, figure);
      return Object.keys(schemaFaults(tried, settings, device)).length === 0;
    });
    return fits ? {} : first;
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
}

function schemaFaults(facts: RecordFacts, settings: MrvSettings, device: SubjectDevice): FieldErrors {
  const subject = builtSubject(facts, settings, device);
  const faults: FieldErrors = {};
  if (!device.subjectSchema) return faults;
  for (const { path, message } of validateSubject(subject, device.subjectSchema)) faults[path] ??= message;
  return faults;
}

function withFigure(facts: RecordFacts, figure: string): RecordFacts {
  const { value, carbonTons, emissionFactor } = facts;
  return {
    ...facts,
    value: value && figure,
    carbonTons: carbonTons && figure,
    emissionFactor: emissionFactor && figure,
  };
}

/** A period of a meter that has no readings yet: plausible, and no record's. */
export function sampleFacts(job: {
  meterId: string;
  metric: RecordFacts["metric"];
  unit: string;
  /** Whether readings of the meter get carbon. */
  hasCarbon: boolean;
  periodStart: Date;
  periodEnd: Date;
  timezone: string;
  resolutionSeconds: number;
}): RecordFacts {
  const { hasCarbon, resolutionSeconds, ...facts } = job;
  const seconds = (job.periodEnd.getTime() - job.periodStart.getTime()) / 1000;
  return {
    ...facts,
    recordId: "00000000-0000-7000-8000-000000000000",
    value: TRIED_FIGURES[0] ?? "1",
    carbonTons: hasCarbon ? "0.009629629" : null,
    emissionFactor: hasCarbon ? "0.78" : null,
    coverage: "1",
    readings: Math.round(seconds / resolutionSeconds),
  };
}
