import type { MrvConfig } from "../../guardian/mrv-config";
import type { MrvSettings } from "../settings";

/** The device's config with what a job says otherwise: MRV_POLICY_TAG and MRV_REF. What is built, signed and sent uses this one. */
export function signedConfig(config: MrvConfig, settings: Pick<MrvSettings, "MRV_POLICY_TAG" | "MRV_REF">): MrvConfig {
  const { MRV_POLICY_TAG: policyTag = config.policyTag, MRV_REF: ref = config.ref } = settings;
  return { ...config, policyTag, ref };
}
