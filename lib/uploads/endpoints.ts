import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { discardUpload } from "./discard-upload";
import { planUploads } from "./plan-uploads";
import { listUploads } from "./queries";
import { receiveUpload } from "./receive-upload";
import { ingestUploadsOrder, receiveUploadQuery, uploadDto, uploadPlanDto } from "./schemas";
import { startUploads } from "./start-uploads";

export const listUploadsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/meters/{id}/uploads",
    summary: "Files that people gave to a meter, the newest twenty",
    params: idParams,
    response: z.object({ items: z.array(uploadDto) }),
  },
  async (ctx, { params }) => ({ items: await listUploads(ctx, { meterId: params.id }) }),
);

export const receiveUploadEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/meters/{id}/uploads",
    summary: "Upload a file of the meter's type into the archive",
    description:
      "The body is the file as it is, up to 512 MB; zip and gzip are unpacked when it is read. Nothing is ingested yet: ask for a dry run of `ingest` next.",
    permission: "tasks:operate",
    params: idParams,
    query: receiveUploadQuery,
    consumes: "application/octet-stream",
    response: uploadDto,
    status: 201,
  },
  (ctx, { params, query }, request) => {
    const announced = request.headers.get("content-length");
    return receiveUpload(
      ctx,
      { ...query, meterId: params.id },
      {
        chunks: (request.body ??
          new ReadableStream({ start: (controller) => controller.close() })) as unknown as AsyncIterable<Uint8Array>,
        announcedBytes: announced === null ? null : Number(announced),
      },
    );
  },
);

export const ingestUploadsEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/meters/{id}/uploads/ingest",
    summary: "Ingest uploaded files",
    description:
      "A dry run answers what would be new, changed and the same, and a `planToken`; the real one needs it and answers the uploads.",
    permission: "tasks:operate",
    params: idParams,
    body: ingestUploadsOrder,
    response: z.union([uploadPlanDto, z.object({ items: z.array(uploadDto) })]),
  },
  async (ctx, { params, body: { dryRun, planToken = "", uploadIds } }) => {
    const order = { meterId: params.id, uploadIds };
    return dryRun ? planUploads(ctx, order) : { items: await startUploads(ctx, { ...order, planToken }) };
  },
);

export const discardUploadEndpoint = endpoint(
  {
    method: "DELETE",
    path: "/api/v1/uploads/{id}",
    summary: "Discard an upload that was not ingested",
    description: "Its bytes stay in the archive.",
    permission: "tasks:operate",
    params: idParams,
    response: uploadDto,
  },
  (ctx, { params }) => discardUpload(ctx, { uploadId: params.id }),
);
