import { hash, type Options, verify } from "@node-rs/argon2";
import { InvalidInput } from "../errors";

// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. 2 is `Algorithm.Argon2id`, an ambient const enum.
const parameters: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const SHORTEST = 12;
const LONGEST = 200;
const common = ["password", "passwort", "qwertyuiop", "letmein", "welcome", "administrator", "123456789", "abcdefgh"];

/** PHC string of argon2id. Unicode is normalised, so that a password can be typed on any keyboard. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), parameters);
}

export function matchesPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password.normalize("NFKC"));
}

let unknownHash: Promise<string> | undefined;

/** Takes as long as a real check and never succeeds: for an e-mail that has no account. */
export async function matchNothing(password: string): Promise<false> {
  unknownHash ??= hashPassword("nobody has this one");
  await matchesPassword(await unknownHash, password);
  return false;
}

/** Throws InvalidInput (at `field`) unless the password may be used by this person. */
export function assertGoodPassword(
  password: string,
  person: { email: string; name: string },
  field = "password",
): void {
  const refuse = (sentence: string): never => {
    throw new InvalidInput(sentence, { [field]: sentence });
  };
  const length = [...password].length;
  if (length < SHORTEST) refuse(`Use at least ${SHORTEST} characters; a few words are easy to remember.`);
  if (length > LONGEST) refuse(`Use at most ${LONGEST} characters.`);
  if (new Set(password).size < 5) refuse("Use more different characters.");
  const plain = password.toLowerCase();
  const own = [person.email.split("@")[0] ?? "", person.email, ...person.name.split(/\s+/)];
  // What is left without the guessable part has to hold up by itself.
  for (const part of [...common, ...own.map((text) => text.toLowerCase())]) {
    if (part.length >= 4 && plain.includes(part) && plain.replaceAll(part, "").length < 8) {
      refuse("This password is easy to guess: leave out names, e-mail addresses and common words.");
    }
  }
}
