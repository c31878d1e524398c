import type { VoteVerifier } from "@demls/consensus";
import { bytesToHex } from "@demls/wire/core";

/** Maximum number of remembered results. */
const MAX_RESULTS = 10_000;

/** A verifier that verifies each signature once: all members of a conversation check the same votes. */
export function createRememberingVerifier(verifier: VoteVerifier): VoteVerifier {
  const results = new Map<string, ReturnType<VoteVerifier["verify"]>>();
  return {
    ...verifier,
    verify(identity, message, signature) {
      const key = [identity, message, signature].map(bytesToHex).join();
      const result = results.get(key) ?? verifier.verify(identity, message, signature);
      if (results.size >= MAX_RESULTS) results.clear();
      results.set(key, result);
      return result;
    },
  };
}
