import { type ChannelKind, channelKinds } from "../../db/schema/notifications";
import { type SettingField, settingFields } from "../../meters/form-options";
import type { IncidentKind } from "../incidents/kind";
import { incidentKinds } from "../incidents/kinds";
import { targetSchemas } from "./target";

export interface ChannelFormOptions {
  /** Fields made from the schema of each kind's target. */
  kinds: { kind: ChannelKind; fields: SettingField[] }[];
  incidentKinds: Pick<IncidentKind, "kind" | "label" | "help" | "state">[];
  /** A mail server is configured. */
  hasMail: boolean;
}

export function channelFormOptions(hasMail: boolean): ChannelFormOptions {
  return {
    kinds: channelKinds.map((kind) => ({ kind, fields: settingFields(targetSchemas[kind]) })),
    incidentKinds: incidentKinds.map(({ kind, label, help, state }) => ({ kind, label, help, state })),
    hasMail,
  };
}
