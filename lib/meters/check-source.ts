import type { Connector, DataSourceType } from "../connectors/contract";
import { connectorOf, credentialsOf, settingsOf } from "../connectors/registry";
import { InvalidInput } from "../errors";
import { type AddressGuard, AddressRefused } from "../net/address-guard";
import type { SecretBox } from "../secrets";
import { parseS3Credentials } from "../sources/s3/credentials";
import { s3SettingsOf } from "../sources/s3/settings";

interface Source {
  type: string;
  dataSourceType: DataSourceType;
  /** Vendor's id or bucket; empty where files are uploaded. */
  dataSource: string;
  settings: Record<string, unknown>;
}

/** Throws InvalidInput for an unknown type, a source that the type does not have, and settings it does not know. */
export function checkSettings({ type, dataSourceType, dataSource, settings }: Source): Connector {
  const connector = connectorOf(type);
  if (dataSourceType !== "UPLOAD" && !connector.sourceTypes.includes(dataSourceType)) {
    const known = [...connector.sourceTypes, "UPLOAD"].join(" or ");
    throw new InvalidInput(`${connector.label} meters take ${known}.`, { dataSourceType: `One of ${known}.` });
  }
  if (dataSourceType !== "UPLOAD" && dataSource === "") throw needed("dataSource");
  settingsOf(connector, dataSourceType, settings);
  if (dataSourceType === "S3") s3SettingsOf(settings);
  return connector;
}

export interface CheckedCredential {
  /** As it is sealed. */
  text: string;
  accountKey: string;
  hint: string;
}

function needed(field: string): InvalidInput {
  return new InvalidInput(`${field}: This is needed.`, { [field]: "This is needed." });
}

/**
 * Throws InvalidInput with a sentence at `dataCredentials` that never repeats a secret. Where files are uploaded there is nothing to sign
 * in to: the credential is empty.
 */
export function checkCredential(
  connector: Connector,
  dataSourceType: DataSourceType,
  text: string | undefined,
  { secrets, addresses }: { secrets: Pick<SecretBox, "fingerprint">; addresses: Pick<AddressGuard, "assertUrl"> },
): CheckedCredential {
  if (dataSourceType === "UPLOAD") return { text: "", accountKey: "upload", hint: "" };
  if (text === undefined) throw needed("dataCredentials");
  if (dataSourceType === "S3") {
    const credentials = parseS3Credentials(text);
    if (credentials.endpoint !== undefined) assertAllowed(credentials.endpoint, addresses);
    // Written anew, so that the same credential in another order of fields is the same account.
    const ordered = JSON.stringify(Object.fromEntries(Object.entries(credentials).sort()));
    return { text: ordered, accountKey: `S3:${secrets.fingerprint(ordered)}`, hint: credentials.accessKeyId };
  }
  credentialsOf(connector, text);
  return { text, accountKey: `${connector.type}:${secrets.fingerprint(text)}`, hint: hintOf(text) };
}

/** What a name stands for is checked at each connection; an address that is refused then need not be stored. */
function assertAllowed(endpoint: string, addresses: Pick<AddressGuard, "assertUrl">): void {
  try {
    addresses.assertUrl(endpoint);
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new InvalidInput(`The endpoint is refused. ${error.message}`, { "dataCredentials.endpoint": error.message });
  }
}

/** The first six and the last two characters, of a text that is long enough to keep the rest a secret. */
export function hintOf(text: string): string {
  return text.length >= 16 ? `${text.slice(0, 6)}…${text.slice(-2)}` : "…";
}
