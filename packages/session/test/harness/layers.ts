import {
  createEthereumSigner,
  createHashgraphConsensus,
  ethereumVerifier,
  type VoteVerifier,
} from "@demls/consensus";
import { createMlsService, type MlsService, type MlsServiceOptions } from "@demls/mls";
import { createPeerScoring, defaultScoreDeltas, defaultScoringConfig } from "@demls/scoring";
import { createDeterministicStewardList, defaultStewardListConfig } from "@demls/steward";
import { createFakeMlsService, createFakeSigner, fakeVoteVerifier, type FakeSigner } from "@demls/testkit";
import { admitAll, defaultConversationConfig, type UserPlugins } from "../../src/index.js";
import { createRememberingVerifier } from "./remembering-verifier.js";
import { unhurried } from "./unhurried.js";

/** The default layers, except those that hold or check a member's keys. */
export const defaultLayers: Omit<UserPlugins, "mls" | "signer" | "verifier"> = {
  consensus: createHashgraphConsensus(),
  stewards: createDeterministicStewardList(),
  scoring: createPeerScoring(),
  // Those that ask have their own tests, as newcomers do.
  admission: admitAll,
  conversationConfig: { ...defaultConversationConfig, ...unhurried(), probationMs: 0 },
  stewardListConfig: defaultStewardListConfig,
  scoringConfig: defaultScoringConfig,
  scoreDeltas: defaultScoreDeltas,
};

const realVerifier = createRememberingVerifier(ethereumVerifier);

/** A member's keys and layers. */
export interface MemberLayers {
  readonly identity: Uint8Array;
  readonly mls: MlsService;
  readonly signer: FakeSigner;
  readonly plugins: UserPlugins;
}

export interface MemberLayersOptions extends Omit<MlsServiceOptions, "identity"> {
  /** Secret key that signs votes, 32 bytes; for a fake signer, its identity. */
  readonly voteKey: Uint8Array;
  /** Fakes for MLS and signing, a hundred times faster, for tests that need no cryptography. @default false */
  readonly fakes?: boolean | undefined;
}

/** Creates the keys of a member and its layers. */
export async function createMemberLayers(options: MemberLayersOptions): Promise<MemberLayers> {
  const { voteKey, fakes = false, ...mlsOptions } = options;
  const signer = fakes ? createFakeSigner(voteKey) : createEthereumSigner(voteKey);
  const verifier: VoteVerifier = fakes ? fakeVoteVerifier : realVerifier;
  const { identity } = signer;
  const mls = await createMls(fakes, { ...mlsOptions, identity });
  return { identity, mls, signer, plugins: { mls, ...defaultLayers, signer, verifier } };
}

/** A member's MLS service, real or fake. */
export async function createMls(fakes: boolean, options: MlsServiceOptions): Promise<MlsService> {
  return fakes ? createFakeMlsService(options) : createMlsService(options);
}
