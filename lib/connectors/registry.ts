import { InvalidInput } from "../errors";
import { parseInput } from "../field-errors";
import type { Connector, DataSourceType } from "./contract";
import { csv } from "./csv";
import { greenButton } from "./green-button";
import { nem12 } from "./nem12";
import { solcast } from "./solcast";
import { wattwatchers } from "./wattwatchers";

/** Every meter type. A new one is a folder (see `_template`) and a line here. */
export const connectors: readonly Connector[] = [wattwatchers, solcast, nem12, greenButton, csv];

const byType = new Map(connectors.map((connector) => [connector.type, connector]));

/**
 * The connector of a meter type, its generics erased: settings and credentials go through `settingsOf` and
 * `credentialsOf` first. Throws InvalidInput that lists the known types.
 */
export function connectorOf(type: string): Connector {
  const connector = byType.get(type);
  if (connector) return connector;
  const known = connectors.map((each) => each.type).join(", ");
  throw new InvalidInput(`There is no meter type ${type}. Known types: ${known}.`, { type: `One of ${known}.` });
}

/**
 * A meter's settings as its connector understands them, defaults filled in. `s3` belongs to the bucket's source, so it
 * is set aside for S3 meters and refused like any unknown key for API meters. Throws InvalidInput with the field.
 */
export function settingsOf(
  connector: Connector,
  dataSourceType: DataSourceType,
  settings: Readonly<Record<string, unknown>>,
): unknown {
  const { s3, ...own } = settings;
  return parseInput(connector.settingsSchema, dataSourceType === "S3" ? own : settings, "settings");
}

/** The credential of an API meter from the text it is kept as. Throws InvalidInput with the field, never the text. */
export function credentialsOf(connector: Connector, text: string): unknown {
  if (!connector.credentialsSchema) {
    throw new InvalidInput(`${connector.label} meters are not collected from an API.`, {
      dataSourceType: `${connector.label} takes ${connector.sourceTypes.join(" or ")}.`,
    });
  }
  return parseInput(connector.credentialsSchema, text, "dataCredentials");
}
