import type { ConsensusPlugin, VoteVerifier } from "@demls/consensus";
import type { MlsService, OwnKeyPackage } from "@demls/mls";
import type { PeerScoringPlugin } from "@demls/scoring";
import type { StewardListPlugin } from "@demls/steward";
import type { MemberId, RandomSource } from "@demls/wire/core";

/** The layers a conversation runs on. Each keeps a value of its own in the conversation's state. */
export interface ConversationPlugins {
  readonly mls: MlsService;
  readonly consensus: ConsensusPlugin<unknown>;
  readonly stewards: StewardListPlugin<unknown>;
  readonly scoring: PeerScoringPlugin<unknown>;
  /** Checks votes; must accept exactly what the other members' do. */
  readonly verifier: VoteVerifier;
}

/** What a step may look at besides the state and the input. Same arguments, same result. */
export interface Environment {
  readonly plugins: ConversationPlugins;
  readonly self: MemberId;
  /** A name for `self` that people read; goes into messages for members that show the sender field. */
  readonly display: string;
  /** This instance's random id, by which its own packets are known. */
  readonly appId: Uint8Array;
  readonly random: RandomSource;
  /** Monotonic milliseconds, for deadlines. */
  readonly nowMs: number;
  /** Milliseconds since the Unix epoch, for the deadlines that applications are told. */
  readonly nowWallMs: number;
  /** Seconds since the Unix epoch, for what travels. */
  readonly nowSeconds: bigint;
  /** Own key packages that no welcome has used yet. */
  readonly keyPackages: readonly OwnKeyPackage[];
}
