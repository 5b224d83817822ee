import * as audit from "../audit/endpoints";
import * as devices from "../devices/endpoints";
import * as factors from "../factors/endpoints";
import * as findings from "../findings/endpoints";
import * as jobs from "../jobs/endpoints";
import * as meters from "../meters/endpoints";
import * as mrvEvidence from "../mrv/evidence/endpoints";
import * as mrvRecords from "../mrv/queries/endpoints";
import * as mrvReview from "../mrv/review/endpoints";
import * as mrvSubmission from "../mrv/submission/endpoints";
import * as quotas from "../quotas/endpoints";
import * as readings from "../readings/endpoints";
import * as tasks from "../tasks/endpoints";
import * as uploads from "../uploads/endpoints";
import { type Endpoint, isEndpoint } from "./endpoint";

// One line per noun. The document at /api/v1/openapi.json is made from these.
const modules: Record<string, Record<string, unknown>> = {
  Meters: meters,
  Devices: devices,
  Uploads: uploads,
  Jobs: jobs,
  Tasks: tasks,
  "Meter data": readings,
  Findings: findings,
  "MRV records": { ...mrvRecords, ...mrvReview, ...mrvSubmission, ...mrvEvidence },
  "Emission factors": factors,
  Quotas: quotas,
  "Audit log": audit,
};

/** Every endpoint of API v1 with the noun it belongs to, in the order of this file, sorted by path. */
export const allEndpoints: { noun: string; endpoint: Endpoint }[] = Object.entries(modules).flatMap(([noun, module]) =>
  Object.values(module)
    .filter(isEndpoint)
    .map((endpoint) => ({ noun, endpoint }))
    .sort((a, b) => a.endpoint.definition.path.localeCompare(b.endpoint.definition.path)),
);
