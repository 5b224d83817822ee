import { eq } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { uploads } from "../db/schema";
import { withTx } from "../db/tx";
import { NotFound, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { uploadOf } from "./queries";
import { discardUploadInput, type UploadDto } from "./schemas";

/** Takes an upload that was not ingested off the list of what waits for a person. Its bytes stay in the archive, which forgets nothing. */
export async function discardUpload(ctx: Ctx, input: z.input<typeof discardUploadInput>): Promise<UploadDto> {
  const { uploadId } = parseInput(discardUploadInput, input);
  return withTx(ctx.db, async (tx) => {
    const [row] = await tx.select().from(uploads).where(eq(uploads.id, uploadId)).for("update");
    if (!row) throw new NotFound("There is no such upload.");
    authorise(ctx.actor, "tasks:operate", row.meterId);
    if (row.state === "started") throw new NotPossibleNow("This upload is ingested: cancel its tasks instead.");
    if (row.state !== "discarded") {
      await tx.update(uploads).set({ state: "discarded" }).where(eq(uploads.id, uploadId));
      const about = { objectType: "upload", objectId: uploadId, meterId: row.meterId };
      await audit(tx, ctx.actor, "upload.discarded", { ...about, details: { fileName: row.fileName } });
    }
    return uploadOf(tx, uploadId);
  });
}
