import { z } from "zod";

const object = z.record(z.string(), z.unknown());

/** Body of `POST /__sim/policies`: a policy, and the DID documents of its devices. */
export const registrationSchema = z.strictObject({
  policyId: z.string().min(1),
  policyTag: z.string().min(1),
  blockTag: z.string().min(1).default("external_mrv_data"),
  topicId: z.string().default("0.0.1"),
  type: z.string().min(1),
  contextUrl: z.string().min(1),
  context: z.looseObject({ "@context": object }),
  schema: z.looseObject({ $id: z.string() }),
  didDocuments: z.array(
    z.looseObject({
      id: z.string(),
      "@context": z.string(),
      verificationMethod: z.array(z.record(z.string(), z.string())),
      authentication: z.array(z.string()),
      assertionMethod: z.array(z.string()),
    }),
  ),
});
