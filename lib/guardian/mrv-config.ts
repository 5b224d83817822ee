import { type FieldErrors, InvalidInput } from "../errors";
import type { AddressGuard } from "../net/address-guard";
import { checkDeviceKey } from "./check-device-key";
import { isObject, type JsonObject } from "./json-object";
import { readMembers } from "./mrv-config-members";
import { baseOf } from "./routes";

/** What is kept of a device's MRV config. Nothing in it is secret. */
export interface MrvConfig {
  /** Of the API, without `/external`, such as `https://guardian.example/api/v1`. */
  guardianUrl: string;
  /** Owner of the device, who is named as `owner` of every record. */
  installerDid: string;
  did: string;
  /** Of the key in the DID document, absolute. */
  verificationMethod: string;
  publicKeyBase58: string;
  /** Type of the credential subject, `<uuid>&<version>`. */
  type: string;
  contextUrls: string[];
  /** `{ "@context": … }`: the terms of the type. */
  context: JsonObject;
  policyId: string;
  policyTag: string;
  /** Names the device towards the policy. */
  ref: string;
  topicId?: string;
  hederaAccountId?: string;
}

export interface ParsedMrvConfig {
  config: MrvConfig;
  /** The device's private key, 32 bytes: encrypt it before it is stored. */
  seed: Buffer;
  /** Sentences for the person who uploads: what was dropped, guessed or looks odd. */
  notices: string[];
}

/** `guardianUrl` is used instead of the config's `url`; `assertUrl` is the guard of the addresses that people may enter. */
export interface MrvConfigOptions {
  guardianUrl?: string;
  assertUrl: AddressGuard["assertUrl"];
}

/**
 * Reads an MRV config as a policy hands it out, given as text or already parsed. Throws InvalidInput with every fault at its path, none of which
 * quotes a key. The installer's private key and the private keys in the DID document are dropped.
 */
export function parseMrvConfig(input: unknown, options: MrvConfigOptions): ParsedMrvConfig {
  const faults: FieldErrors = {};
  const notices: string[] = [];
  const report = (path: string, sentence: string) => {
    faults[path] = faults[path] ? `${faults[path]} ${sentence}` : sentence;
  };
  const raw = asObject(input);
  if (!raw) {
    throw new InvalidInput("This is no MRV config: upload the JSON file that the policy hands out for the device.");
  }
  const members = readMembers(raw, report);
  const guardianUrl = guardianUrlOf(members.url, options, report, notices);
  checkContext(members, report);
  const key = checkDeviceKey(members, report, notices);

  if (raw.hederaAccountKey !== undefined) {
    notices.push(
      "The file holds the private key of the installer's Hedera account. It is not needed here and was not kept. Delete the file where it is not needed.",
    );
  }
  if (members.ref !== undefined && members.did !== undefined && members.ref !== members.did) {
    notices.push(
      "`ref` is another id than the device's DID: a policy that does not know it loses records without a trace.",
    );
  }
  const { did, installer, type, contextUrls, schema, policyId, policyTag } = members;
  const isComplete = did && installer && type && contextUrls && schema && policyId && policyTag && guardianUrl && key;
  if (Object.keys(faults).length > 0 || !isComplete) throw asInvalid(faults);
  const { topic: topicId, hederaAccountId } = members;
  return {
    config: {
      guardianUrl,
      installerDid: installer,
      did,
      verificationMethod: key.verificationMethod,
      publicKeyBase58: key.publicKeyBase58,
      type,
      contextUrls,
      context: schema,
      policyId,
      policyTag,
      ref: members.ref ?? did,
      ...(topicId !== undefined && { topicId }),
      ...(hederaAccountId !== undefined && { hederaAccountId }),
    },
    seed: key.seed,
    notices,
  };
}

function asObject(input: unknown): JsonObject | null {
  if (typeof input !== "string") return isObject(input) ? input : null;
  try {
    const parsed: unknown = JSON.parse(input.replace(/^\uFEFF/, ""));
    return isObject(parsed) ? parsed : null;
  } catch {
    // The parser's message quotes the text, which may be a key.
    return null;
  }
}

function guardianUrlOf(
  url: string | undefined,
  { guardianUrl: override, assertUrl }: MrvConfigOptions,
  report: (path: string, sentence: string) => void,
  notices: string[],
): string | undefined {
  const path = override === undefined ? "url" : "guardianUrl";
  const given = override?.trim() ?? url;
  if (given === undefined) {
    report("guardianUrl", "The file names no address: enter Guardian's, such as https://guardian.example/api/v1.");
    return undefined;
  }
  const checked = checkGuardianUrl(given, assertUrl);
  if ("fault" in checked) {
    report(
      path,
      checked.fault + (override === undefined && checked.isRefused ? " Or enter another address as guardianUrl." : ""),
    );
    return undefined;
  }
  const { base } = checked;
  if (override === undefined) {
    notices.push(addressNotice(base));
  }
  return base;
}

/** The base of Guardian's API that an address leads to; a sentence where it is none, or where the guard refuses it. */
export function checkGuardianUrl(
  given: string,
  assertUrl: AddressGuard["assertUrl"],
): { base: string } | { fault: string; isRefused: boolean } {
  const base = baseOf(given);
  if (!base) {
    const fault = "This must be an address such as https://guardian.example/api/v1, without a user, a query or a #.";
    return { fault, isRefused: false };
  }
  try {
    assertUrl(base);
    return { base };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error), isRefused: true };
  }
}

/** Told of an address that nobody but the file has named. */
export function addressNotice(base: string): string {
  return `Records will go to ${base}. A config often names the demo's sender instead of Guardian: check it.`;
}

/** The schema must define the type, or values would be signed under terms that Guardian does not have. */
function checkContext(
  { type, schema }: { type?: string; schema?: JsonObject },
  report: (path: string, sentence: string) => void,
): void {
  const terms = schema?.["@context"];
  if (type === undefined || terms === undefined) return;
  const documents = Array.isArray(terms) ? terms : [terms];
  if (documents.some((document) => isObject(document) && isObject(document[type]))) return;
  const defined = documents.flatMap((document) =>
    isObject(document) ? Object.keys(document).filter((term) => isObject(document[term])) : [],
  );
  report(
    "schema",
    `The context does not define the type of the config. It defines ${defined.slice(0, 5).join(", ") || "no type"}: download the MRV config again.`,
  );
}

function asInvalid(faults: FieldErrors): InvalidInput {
  const sentences = Object.entries(faults).map(([path, sentence]) => `${path}: ${sentence}`);
  return new InvalidInput(sentences.join(" "), faults);
}
