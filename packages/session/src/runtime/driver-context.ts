import type { ConsensusSigner } from "@demls/consensus";
import type { OwnKeyPackage } from "@demls/mls";
import type { Clock, MemberId, RandomSource, Transport } from "@demls/wire/core";
import type { Effect } from "../model/effect.js";
import type { ConversationPlugins, Environment } from "../model/environment.js";
import type { ConversationStore, StoredConversation } from "../storage/conversation-store.js";

/** What a conversation of a user needs from it. */
export interface DriverContext {
  readonly plugins: ConversationPlugins;
  readonly signer: ConsensusSigner;
  readonly self: MemberId;
  readonly display: string;
  readonly appId: Uint8Array;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly transport: Transport;
  /** Own key packages that no welcome has used yet. */
  keyPackages(): readonly OwnKeyPackage[];
  consumeKeyPackage(reference: string): void;
}

/** Effects that answer one call rather than tell everyone. */
export type ReplyEffect = Extract<Effect, { kind: "sealed" | "unsent" | "leftOutbox" }>;

/** What a conversation begins with: a new state, or what was kept of it. */
export interface DriverStart extends StoredConversation {
  /** Keeps it, where anything does. */
  readonly store: ConversationStore | undefined;
  readonly isRestored: boolean;
}

/** What a step may look at now. */
export function environmentOf(context: DriverContext): Environment {
  const { plugins, self, display, appId, random, clock, keyPackages } = context;
  const nowWallMs = clock.wallMs();
  return {
    plugins,
    self,
    display,
    appId,
    random,
    nowMs: clock.monotonicMs(),
    nowWallMs,
    nowSeconds: BigInt(Math.floor(nowWallMs / 1_000)),
    keyPackages: keyPackages(),
  };
}
