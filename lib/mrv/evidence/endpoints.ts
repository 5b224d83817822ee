import { endpoint } from "../../http/endpoint";
import { idParams } from "../../http/fields";
import { evidenceBundle } from "./bundle";

export const getEvidenceEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/mrv-records/{id}/evidence",
    summary: "A record's evidence as one zip",
    description:
      "Manifest, readings, raw and transformed objects, emission factors, settings, credential and submissions, with the hashes of all. `npm run verify-evidence` recomputes every figure from it; its README.txt says how to check it without. Refused where an object of the archive is gone or damaged.",
    params: idParams,
    produces: ["application/zip"],
  },
  async (ctx, { params }) => {
    const { fileName, sizeBytes, stream } = await evidenceBundle(ctx, { recordId: params.id });
    return new Response(stream, {
      headers: {
        "Content-Type": "application/zip",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": `attachment; filename="${fileName}"`,
        "Content-Length": String(sizeBytes),
      },
    });
  },
);
