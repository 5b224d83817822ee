import type { Step, VerificationReport } from "../../lib/mrv/evidence/verification/report";

const words: Record<Step["outcome"], string> = { equal: "equal", differs: "DIFFERS", skipped: "-" };

/** A report as it is printed: a line for each step, its differences below it, the verdict last. */
export function reportLines(report: VerificationReport): string[] {
  const { record, verifiedBy } = report;
  const lines: string[] = [];
  if (record) {
    lines.push(`Record    ${record.id} (${record.status})`, `Meter     ${record.meter}`, `Period    ${record.period}`);
    lines.push(`Figure    ${record.figure}`, `Extracted by ${record.extractedBy},`);
    lines.push(`verified by ${verifiedBy === record.extractedBy ? "the same" : verifiedBy}.`, "");
  }
  for (const step of report.steps) {
    lines.push(`${words[step.outcome].padEnd(8)} ${step.name.padEnd(15)} ${step.sentence}`);
    for (const { place, sentence } of step.differences) lines.push(`           ${place}: ${sentence}`);
    const more = step.differencesInAll - step.differences.length;
    if (more > 0) lines.push(`           … and ${more} more.`);
  }
  lines.push("", ...verdict(report), "");
  return lines;
}

function verdict({ isEqual, record, steps, evidenceHash, hashesSha256 }: VerificationReport): string[] {
  if (!record)
    return ["DIFFERENT: this is no whole bundle as Meterproof writes one, so its figures were not recomputed."];
  if (!isEqual) {
    const differing = steps.filter(({ outcome }) => outcome === "differs").map(({ name }) => name.toLowerCase());
    return [`DIFFERENT: ${differing.join(", ")}. What this bundle says does not follow from what is in it.`];
  }
  return [
    "EQUAL",
    "",
    "It is consistent. That it is the record's own, compare with the console and its audit log:",
    `  evidence hash         ${evidenceHash}`,
    `  SHA-256 of hashes.txt ${hashesSha256}`,
  ];
}
