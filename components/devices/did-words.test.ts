import { expect, it } from "vitest";
import { shortDid } from "./did-words";

const identifier = "27cVjRSVh9hpXCjffvD14GgeJSCKdVXtgxZ3AYmtCjKU";

it("shortens DIDs of both forms to what tells them apart", () => {
  expect(shortDid(`did:hedera:testnet:${identifier}_0.0.4001`)).toBe("did:hedera:testnet:27cVjR…_0.0.4001");
  expect(shortDid(`did:hedera:mainnet:${identifier};hedera:mainnet:tid=0.0.77`)).toBe(
    "did:hedera:mainnet:27cVjR…_0.0.77",
  );
  expect(shortDid(`did:hedera:testnet:${identifier}`)).toBe("did:hedera:testnet:27cVjR…");
  expect(shortDid("did:web:example.com")).toBe("did:web:example.com");
});
