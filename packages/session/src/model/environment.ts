import type { ConsensusPlugin, VoteVerifier } from "@demls/consensus";
import type { MlsService, OwnKeyPackage } from "@demls/mls";
import type { PeerScoringPlugin } from "@demls/scoring";
import type { StewardListPlugin } from "@demls/steward";
import type { MemberId, RandomSource } from "@demls/wire/core";
import type { AdmissionPolicy } from "./admission-policy.js";

/** Plug-ins of a conversation. Each keeps its own value in the conversation's state. */
export interface ConversationPlugins {
  readonly mls: MlsService;
  readonly consensus: ConsensusPlugin<unknown>;
  readonly stewards: StewardListPlugin<unknown>;
  readonly scoring: PeerScoringPlugin<unknown>;
  /** Verifies votes and identity proofs; must accept exactly the same ones as other members' verifiers. */
  readonly verifier: VoteVerifier;
  /** Decides on joiners, for this member alone. */
  readonly admission: AdmissionPolicy;
}

/** Inputs of a step besides state and input. The same arguments give the same result. */
export interface Environment {
  readonly plugins: ConversationPlugins;
  readonly self: MemberId;
  /** Human-readable name of this member, sent in chat for clients that show it. */
  readonly display: string;
  /** Random id of this running user, which identifies its own packets. */
  readonly appId: Uint8Array;
  readonly random: RandomSource;
  /** Monotonic milliseconds, for deadlines. */
  readonly nowMs: number;
  /** Milliseconds since the Unix epoch, for deadlines in events. */
  readonly nowWallMs: number;
  /** Seconds since the Unix epoch, for messages. */
  readonly nowSeconds: bigint;
  /** Identity proof of the signature key of `plugins.mls`; undefined until the signer has given it. */
  readonly identityProof: Uint8Array | undefined;
  /** Own key packages that are not consumed yet. */
  readonly keyPackages: readonly OwnKeyPackage[];
}
