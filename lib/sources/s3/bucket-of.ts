import type { AddressGuard } from "../../net/address-guard";
import { parseS3Credentials } from "./credentials";
import { s3SettingsOf } from "./settings";
import { openS3Source, type S3Source } from "./source";

/**
 * The bucket of a meter: `dataSource` is its name, `credential` the JSON text of its credentials, plain. Throws InvalidInput for
 * what was stored wrong, SourceError ADDRESS_REFUSED.
 */
export function bucketOf(
  { addresses }: { addresses: Pick<AddressGuard, "agents" | "assertUrl"> },
  meter: { dataSource: string; settings: Record<string, unknown>; credential: string },
): S3Source {
  return openS3Source({
    bucket: meter.dataSource,
    credentials: parseS3Credentials(meter.credential),
    settings: s3SettingsOf(meter.settings),
    guard: addresses,
  });
}
