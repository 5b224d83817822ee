import { contexts as credentials } from "@digitalbazaar/credentials-context";
import security from "@digitalbazaar/security-context";
import { describe, expect, it } from "vitest";
import { asGuardianReads, CREDENTIALS_CONTEXT, createContextLoader } from "./loader";

const policy = { urls: ["ipfs://own"], document: { "@context": { "@vocab": "ipfs://own#", term: "ipfs://own#term" } } };

describe("contexts", () => {
  it.each([CREDENTIALS_CONTEXT, "https://w3id.org/security/v1", "https://w3id.org/security/v2"])(
    "%s is embedded as published",
    async (url) => {
      const { document } = await createContextLoader(policy)(url);
      expect(document).toEqual(credentials.get(url) ?? security.contexts.get(url));
    },
  );

  it("of the policy gets Guardian's vocabulary where it has one, and is otherwise left alone", async () => {
    const { document, tag } = await createContextLoader(policy)("ipfs://own");
    expect(document).toEqual({
      "@context": { "@vocab": "https://w3id.org/traceability/#undefinedTerm", term: "ipfs://own#term" },
    });
    // Static contexts are kept by address for the whole process, and addresses of policies are not ours.
    expect(tag).toBeUndefined();
    expect(asGuardianReads({ "@context": { term: "a:b" } })).toEqual({ "@context": { term: "a:b" } });
    expect(asGuardianReads({ "@context": ["a:b"] })).toEqual({ "@context": ["a:b"] });
  });

  it("elsewhere are never fetched", async () => {
    await expect(createContextLoader(policy)("https://example.com/x")).rejects.toThrow(/neither built in nor/);
  });
});
