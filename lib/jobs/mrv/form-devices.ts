import { and, inArray, isNull } from "drizzle-orm";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { devices } from "../../db/schema";
import { deviceFields } from "../../devices/config/device-fields";
import type { DeviceField } from "../../devices/schemas";
import { suggestFieldMap } from "../../mrv/field-map/suggest-field-map";
import type { MrvSettings } from "../../mrv/settings";

/** A device in use as the form of an MRV job knows it: what its policy wants, and how that is likely filled. */
export interface FormDevice {
  id: string;
  name: string;
  policyTag: string;
  ref: string;
  hasSchema: boolean;
  fields: DeviceField[];
  suggested: MrvSettings["MRV_FIELD_MAP"];
}

export async function formDevices(ctx: Ctx, deviceIds: readonly string[]): Promise<Map<string, FormDevice>> {
  authorise(ctx.actor, "fleet:read");
  if (deviceIds.length === 0) return new Map();
  const rows = await ctx.db
    .select()
    .from(devices)
    .where(and(inArray(devices.id, [...deviceIds]), isNull(devices.archivedAt)));
  return new Map(
    rows.map(({ id, name, config, subjectSchema }) => {
      const fields = deviceFields(config, subjectSchema);
      const { policyTag, ref } = config;
      const shown = { id, name, policyTag, ref, hasSchema: subjectSchema !== null, fields };
      return [id, { ...shown, suggested: suggestFieldMap(fields) }];
    }),
  );
}
