import type { Connector, DataSourceType } from "../connectors/contract";
import { connectorOf, credentialsOf, settingsOf } from "../connectors/registry";
import { InvalidInput, NotPossibleNow } from "../errors";
import type { SecretBox } from "../secrets";

interface Source {
  type: string;
  dataSourceType: DataSourceType;
  settings: Record<string, unknown>;
}

/** Throws InvalidInput for an unknown type, a source that the type does not have, and settings it does not know. */
export function checkSettings({ type, dataSourceType, settings }: Source): Connector {
  const connector = connectorOf(type);
  if (!connector.sourceTypes.includes(dataSourceType)) {
    const known = connector.sourceTypes.join(" or ");
    throw new InvalidInput(`${connector.label} meters take ${known}.`, { dataSourceType: `One of ${known}.` });
  }
  settingsOf(connector, dataSourceType, settings);
  return connector;
}

export interface CheckedCredential {
  /** As it is sealed. */
  text: string;
  accountKey: string;
  hint: string;
}

/** Throws InvalidInput with a sentence at `dataCredentials` that never repeats the text. */
export function checkCredential(
  connector: Connector,
  dataSourceType: DataSourceType,
  text: string,
  secrets: Pick<SecretBox, "fingerprint">,
): CheckedCredential {
  if (dataSourceType === "S3") throw new NotPossibleNow("Meters of S3 buckets cannot be stored yet.");
  credentialsOf(connector, text);
  return { text, accountKey: `${connector.type}:${secrets.fingerprint(text)}`, hint: hintOf(text) };
}

/** The first six and the last two characters, of a text that is long enough to keep the rest a secret. */
export function hintOf(text: string): string {
  return text.length >= 16 ? `${text.slice(0, 6)}…${text.slice(-2)}` : "…";
}
