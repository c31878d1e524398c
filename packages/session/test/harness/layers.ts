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
import { defaultConversationConfig, type UserPlugins } from "../../src/index.js";

/** The default layers, but for those that hold or check a member's keys. */
export const defaultLayers: Omit<UserPlugins, "mls" | "signer" | "verifier"> = {
  consensus: createHashgraphConsensus(),
  stewards: createDeterministicStewardList(),
  scoring: createPeerScoring(),
  conversationConfig: defaultConversationConfig,
  stewardListConfig: defaultStewardListConfig,
  scoringConfig: defaultScoringConfig,
  scoreDeltas: defaultScoreDeltas,
};

/** One member's keys, and the default layers with them. */
export interface MemberLayers {
  readonly identity: Uint8Array;
  readonly mls: MlsService;
  readonly signer: FakeSigner;
  readonly plugins: UserPlugins;
}

export interface MemberLayersOptions extends Omit<MlsServiceOptions, "identity"> {
  /** The 32 bytes of the secret key that signs votes; of a fake signer, its identity. */
  readonly voteKey: Uint8Array;
  /** Fakes for MLS and for signing: a hundred times quicker, where cryptography is not the point. @default false */
  readonly fakes?: boolean | undefined;
}

/** Makes the keys of one member, and the layers around them. */
export async function createMemberLayers(options: MemberLayersOptions): Promise<MemberLayers> {
  const { voteKey, fakes = false, ...mlsOptions } = options;
  const signer = fakes ? createFakeSigner(voteKey) : createEthereumSigner(voteKey);
  const verifier: VoteVerifier = fakes ? fakeVoteVerifier : ethereumVerifier;
  const { identity } = signer;
  const mls = await createMls(fakes, { ...mlsOptions, identity });
  return { identity, mls, signer, plugins: { mls, ...defaultLayers, signer, verifier } };
}

/** A member's MLS, real or a fake. */
export async function createMls(fakes: boolean, options: MlsServiceOptions): Promise<MlsService> {
  return fakes ? createFakeMlsService(options) : createMlsService(options);
}
