import { describe, expect, it } from "vitest";
import { judgeCredential } from "../../e2e/simulators/guardian/judge";
import {
  type Enrolled,
  enrol,
  expectationOf,
  ISSUED_AT,
  signAsDevice,
  styles,
  subjectOf,
  valuesOf,
} from "../../e2e/simulators/guardian/testing";
import { credentialId, type SignedCredential, verifyCredential } from "./credential";

type Changeable = Record<string, unknown> & {
  credentialSubject: Record<string, unknown>[];
  proof: Record<string, string>;
};

/** Guardian's own libraries, which know nothing of ours. */
async function guardianSays({ policy, device }: Enrolled, credential: unknown, now = ISSUED_AT) {
  const didDocuments = new Map([[device.did, device.didDocument]]);
  return judgeCredential(credential, { policies: [policy], didDocuments }, now);
}

function changed({ text }: SignedCredential, change: (credential: Changeable) => void): Changeable {
  const credential = JSON.parse(text) as Changeable;
  change(credential);
  return credential;
}

describe.each(styles)("a credential with $fields fields, $context context and $did DID", (style) => {
  it("is what Guardian's libraries verify, and we", async () => {
    const enrolled = await enrol(style);
    const signed = await signAsDevice(enrolled);
    expect(await guardianSays(enrolled, JSON.parse(signed.text))).toEqual({ verdict: "VERIFIED", reason: null });
    expect(await verifyCredential(signed.text, expectationOf(enrolled, signed.payloadHash))).toEqual({ isValid: true });
  });

  it("is refused by both when any value is another", async () => {
    const enrolled = await enrol(style);
    const signed = await signAsDevice(enrolled);
    const [subject = {}] = JSON.parse(signed.text).credentialSubject;
    const fields = Object.keys(subject).filter((field) => field !== "@context");
    for (const field of fields) {
      const credential = changed(signed, ({ credentialSubject: [values] }) => {
        if (values) values[field] = otherThan(values[field]);
      });
      expect((await guardianSays(enrolled, credential)).verdict, field).toBe("INVALID");
      const ours = await verifyCredential(JSON.stringify(credential), expectationOf(enrolled, signed.payloadHash));
      expect(ours.isValid, field).toBe(false);
    }
    for (const member of ["id", "issuer", "issuanceDate"]) {
      const credential = changed(signed, (each) => {
        each[member] = String(each[member]).replace(/[0-9a-f](?=[^0-9a-f]*$)/, (last) => (last === "1" ? "2" : "1"));
      });
      expect(credential[member]).not.toBe(JSON.parse(signed.text)[member]);
      expect((await guardianSays(enrolled, credential)).verdict, member).toBe("INVALID");
      const ours = await verifyCredential(JSON.stringify(credential), expectationOf(enrolled, signed.payloadHash));
      expect(ours.isValid, member).toBe(false);
    }
  });
});

function otherThan(value: unknown): unknown {
  if (typeof value === "string") return `${value.slice(0, -1)}${value.endsWith("3") ? "4" : "3"}`;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return { ...(value as object), name: "Roof, south" };
}

describe("a credential whose values changed places", () => {
  it("passes Guardian with a context of one term, and only our payload hash finds it", async () => {
    const enrolled = await enrol({ context: "one-term" });
    const signed = await signAsDevice(enrolled);
    const swapped = changed(signed, ({ credentialSubject: [values = {}] }) => {
      [values.field1, values.field2] = [values.field2, values.field1];
    });
    expect((await guardianSays(enrolled, swapped)).verdict).toBe("VERIFIED");
    expect(await verifyCredential(JSON.stringify(swapped), expectationOf(enrolled, signed.payloadHash))).toEqual({
      isValid: false,
      reason: "The values are not those of the payload hash.",
    });
  });

  it("fails at Guardian where every field has its own term", async () => {
    const enrolled = await enrol({ context: "own-terms" });
    const signed = await signAsDevice(enrolled);
    const swapped = changed(signed, ({ credentialSubject: [values = {}] }) => {
      [values.field1, values.field2] = [values.field2, values.field1];
    });
    expect((await guardianSays(enrolled, swapped)).verdict).toBe("INVALID");
  });
});

describe("a proof", () => {
  it("with any byte changed is no longer ours, and Guardian refuses what changes its meaning", async () => {
    const enrolled = await enrol();
    const signed = await signAsDevice(enrolled);
    const expectation = expectationOf(enrolled, signed.payloadHash);
    const from = signed.text.indexOf('"proof"');
    for (let at = from; at < signed.text.length; at++) {
      const other = signed.text[at] === "A" ? "B" : "A";
      const text = signed.text.slice(0, at) + other + signed.text.slice(at + 1);
      expect((await verifyCredential(text, expectation)).isValid, `byte ${at}`).toBe(false);
    }
    // The last of the 86 characters holds four bits that no byte needs: the same signature, written in another way.
    const lastCharacter = changed(signed, ({ proof }) => {
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      const jws = proof.jws ?? "";
      proof.jws = jws.slice(0, -1) + alphabet[alphabet.indexOf(jws.at(-1) ?? "A") ^ 1];
    });
    expect(await verifyCredential(JSON.stringify(lastCharacter), expectation)).toEqual({
      isValid: false,
      reason: "The signature is not written as it is signed.",
    });
    for (const member of ["created", "jws", "verificationMethod", "proofPurpose", "type"]) {
      const credential = changed(signed, ({ proof }) => {
        const text = proof[member] ?? "";
        const middle = text.length - 10;
        proof[member] = text.slice(0, middle) + (text[middle] === "1" ? "2" : "1") + text.slice(middle + 1);
      });
      expect((await guardianSays(enrolled, credential)).verdict, member).toBe("INVALID");
    }
  });

  it("of another key is refused", async () => {
    const enrolled = await enrol();
    const other = await enrol({}, "meter 2");
    const signed = await signAsDevice({ ...enrolled, key: other.key });
    expect((await guardianSays(enrolled, JSON.parse(signed.text))).verdict).toBe("INVALID");
    const ours = await verifyCredential(signed.text, expectationOf(enrolled, signed.payloadHash));
    expect(ours).toEqual({ isValid: false, reason: "The signature does not fit the document." });
  });
});

describe("signing", () => {
  it("gives the same bytes for the same input, and another id for another period, device, policy, metric or correction", async () => {
    const enrolled = await enrol();
    expect((await signAsDevice(enrolled)).text).toBe((await signAsDevice(enrolled)).text);
    const period = {
      policyId: "p",
      metric: "eRealPositiveKwh",
      start: new Date("2026-11-23T00:00:00Z"),
      end: new Date("2026-11-24T00:00:00Z"),
      correction: 0,
    };
    const ids = [
      credentialId("did:a", period),
      credentialId("did:a", { ...period, end: new Date("2026-11-24T01:00:00Z") }),
      credentialId("did:a", { ...period, policyId: "q" }),
      credentialId("did:a", { ...period, metric: "eRealKwh" }),
      credentialId("did:a", { ...period, correction: 1 }),
      credentialId("did:b", period),
    ];
    expect(new Set(ids).size).toBe(6);
    expect(ids[0]).toBe(credentialId("did:a", { ...period }));
    expect(ids[0]).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
  });

  it("writes Guardian's members in Guardian's order and no others", async () => {
    const { credential } = await signAsDevice(await enrol());
    expect(Object.keys(credential)).toEqual([
      ...["id", "type", "issuer", "issuanceDate", "@context", "credentialSubject", "proof"],
    ]);
    expect(Object.keys(credential.proof)).toEqual(["type", "created", "verificationMethod", "proofPurpose", "jws"]);
    expect(credential.issuanceDate).toBe("2026-11-23T16:46:51.601Z");
    expect(credential.proof.created).toBe("2026-11-23T16:46:51Z");
  });

  it("is refused by Guardian's clock beyond 300 seconds ahead", async () => {
    const enrolled = await enrol();
    const { text } = await signAsDevice(enrolled);
    const behind = (seconds: number) => new Date(ISSUED_AT.getTime() - seconds * 1000);
    expect((await guardianSays(enrolled, JSON.parse(text), behind(299))).verdict).toBe("VERIFIED");
    expect((await guardianSays(enrolled, JSON.parse(text), behind(302))).verdict).toBe("INVALID");
  });

  it("refuses a field that the context does not define, instead of leaving it out of what is signed", async () => {
    const enrolled = await enrol({ context: "own-terms" });
    const { type, context: document } = enrolled.config;
    const { "@vocab": _, ...terms } = document["@context"] as Record<string, object>;
    const context = { "@context": { ...terms, [type]: { ...terms[type], "@id": "ipfs://own#type" } } };
    const withoutVocabulary = { ...enrolled, config: { ...enrolled.config, context } };
    await expect(signAsDevice(withoutVocabulary)).resolves.toBeDefined();
    const subject = { ...subjectOf(enrolled), unheardOf: "1" };
    await expect(signAsDevice(withoutVocabulary, subject)).rejects.toThrow(/safe mode/i);
  });

  it("fetches no context", async () => {
    const enrolled = await enrol();
    const subject = { ...subjectOf(enrolled, valuesOf(enrolled)), "@context": ["https://example.com/context.json"] };
    await expect(signAsDevice(enrolled, subject)).rejects.toThrow(/example\.com/);
  });
});
