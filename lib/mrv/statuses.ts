/**
 * `extracted → verified | verification_failed → approved | rejected → submitting → submitted | submission_failed |
 * submission_unknown`.
 */
export const recordStatuses = [
  "extracted",
  "verified",
  "verification_failed",
  "approved",
  "rejected",
  "submitting",
  "submitted",
  "submission_failed",
  "submission_unknown",
] as const;
export type RecordStatus = (typeof recordStatuses)[number];

/** A person decides about these. */
export const reviewStatuses = ["verified", "verification_failed"] as const satisfies readonly RecordStatus[];

/** Nothing of these has left, and nothing is on its way: another record may take their place. */
export const replaceableStatuses = [
  "extracted",
  "verified",
  "verification_failed",
  "rejected",
  "submission_failed",
] as const satisfies readonly RecordStatus[];

/** Readings that change afterwards make these restated: a person put a name under the figures. */
export const settledStatuses = [
  "approved",
  "submitting",
  "submitted",
  "submission_failed",
  "submission_unknown",
] as const satisfies readonly RecordStatus[];
