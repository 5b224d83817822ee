import { requestBody } from "../../../guardian/client";
import { sha256Hex } from "../../../secrets";
import type { SubmissionDocument } from "../bundle/documents";
import { type SignedParts, sentWith } from "./check-credential";
import type { Bundle } from "./open-bundle";
import { counted, Differences, type Step, skipped } from "./report";

/** What left is the signed credential, byte for byte, and requests and answers have the hashes that were noted of them. */
export async function checkSubmissions(
  bundle: Bundle,
  signed: SignedParts,
  submissions: readonly SubmissionDocument[],
): Promise<Step> {
  const name = "Submissions";
  if (submissions.length === 0) return skipped(name, `Nothing was sent: the record is ${signed.record.status}.`);
  const differences = new Differences();
  const { credential } = signed;
  for (const { attempt, request, answer } of submissions) {
    const body = await bundle.bytes(request.file);
    compareBytes(request.file, body, request, differences);
    if (credential === null) {
      differences.add(request.file, "It was sent, and there is no credential.");
    } else if (!body.equals(requestBody({ credential, ...sentWith(signed) }))) {
      const why = body.includes(credential)
        ? "it does not name the device, its owner and the policy beside it as the settings say"
        : "the credential is not in it, byte for byte";
      differences.add(request.file, `It is not the request of credential.json: ${why}.`);
    }
    if (answer !== null) compareBytes(answer.file, await bundle.bytes(answer.file), answer, differences);
    if (attempt < 1 || !Number.isInteger(attempt))
      differences.add("submissions.json", `${attempt} is no attempt's number.`);
  }
  const accepted = submissions.filter(({ state }) => state === "accepted").length;
  if (accepted > 1)
    differences.add("submissions.json", `${accepted} attempts were accepted, and a record leaves once.`);
  const states = submissions.map(({ attempt, state }) => `attempt ${attempt} ${state}`).join(", ");
  return differences.step(name, `${counted(submissions.length, "request")} with exactly the credential: ${states}.`);
}

function compareBytes(
  file: string,
  bytes: Uint8Array,
  noted: { sha256: string | null; sizeBytes: number },
  differences: Differences,
): void {
  differences.compare(file, "Its SHA-256", sha256Hex(bytes), noted.sha256, "in submissions.json");
  differences.compare(file, "Its size", bytes.byteLength, noted.sizeBytes, "in submissions.json");
}
