import { InvalidInput } from "../../errors";
import { assertStorable } from "../../field-errors";
import { isObject, type JsonObject } from "../../guardian/json-object";
import { checkGuardianUrl, type MrvConfig, type ParsedMrvConfig, parseMrvConfig } from "../../guardian/mrv-config";
import { checkSubjectSchema } from "../../guardian/validate-subject";
import type { AddressGuard } from "../../net/address-guard";

type Addresses = Pick<AddressGuard, "assertUrl">;

/** Reads an uploaded config. Every fault stands below `mrvConfig`, or at `guardianUrl`; none quotes a key. */
export function readDeviceConfig(
  given: unknown,
  guardianUrl: string | undefined,
  addresses: Addresses,
): ParsedMrvConfig {
  try {
    const parsed = parseMrvConfig(given, { guardianUrl, assertUrl: (url) => addresses.assertUrl(url) });
    assertStorable(parsed.config, ["mrvConfig"]);
    return parsed;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = Object.entries(error.fields);
    if (faults.length === 0) throw new InvalidInput(error.message, { mrvConfig: error.message });
    throw new InvalidInput(
      error.message,
      Object.fromEntries(faults.map(([path, sentence]) => [placeOf(path), sentence])),
    );
  }
}

function placeOf(path: string): string {
  return path === "guardianUrl" || path.startsWith("mrvConfig") ? path : `mrvConfig.${path}`;
}

/** Reads an uploaded JSON schema, if any, and holds it against the config. Throws InvalidInput at `schema`. */
export function readSubjectSchema(given: string | JsonObject | null, config: MrvConfig): JsonObject | null {
  if (given === null) return null;
  const schema = typeof given === "string" ? parseText(given) : given;
  assertStorable(schema, ["schema"]);
  const faults = checkSubjectSchema(schema, config);
  if (faults.length > 0) throw atSchema(faults.join(" "));
  return schema;
}

/** The base that records go to from now on. Throws InvalidInput at `guardianUrl`. */
export function readGuardianUrl(given: string, addresses: Addresses): string {
  const checked = checkGuardianUrl(given, (url) => addresses.assertUrl(url));
  if ("base" in checked) return checked.base;
  throw new InvalidInput(`guardianUrl: ${checked.fault}`, { guardianUrl: checked.fault });
}

function parseText(text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (isObject(parsed)) return parsed;
  } catch {
    // Said below; the parser's message quotes the text.
  }
  throw atSchema("This is no JSON schema: it must be a JSON object, as Guardian exports it.");
}

function atSchema(sentence: string): InvalidInput {
  return new InvalidInput(`schema: ${sentence}`, { schema: sentence });
}
