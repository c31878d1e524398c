import type { ConsensusSigner } from "@demls/consensus";
import type { OwnKeyPackage } from "@demls/mls";
import type { Clock, MemberId, RandomSource, Transport } from "@demls/wire/core";
import type { Effect } from "../model/effect.js";
import type { ConversationPlugins, Environment } from "../model/environment.js";
import type { ChatHistory } from "../storage/chat-history.js";
import type { ConversationStore, StoredConversation } from "../storage/conversation-store.js";
import type { InboundLoad } from "./inbound-gate.js";
import type { LeafOptions } from "./key-package-store.js";
import type { OwnLeafKey } from "./own-leaf-key.js";
import type { SerialQueue } from "./serial-queue.js";

/** Dependencies of a driver, provided by its user. */
export interface DriverContext {
  /** Layers; steps have the `mls` of `leafKey`. */
  readonly plugins: ConversationPlugins;
  readonly leafKey: Pick<OwnLeafKey, "mls" | "identityProof">;
  readonly signer: ConsensusSigner;
  readonly self: MemberId;
  readonly display: string;
  readonly appId: Uint8Array;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly transport: Transport;
  /** Received packets that wait in all conversations of the user. */
  readonly inboundLoad: InboundLoad;
  /** Chat history of a group; `undefined` if its conversation keeps none. */
  historyOf(conversation: string, groupId: string): ChatHistory | undefined;
  /** Serial queue of the user, for steps that may consume a key package. */
  readonly queue: SerialQueue;
  /** Own key packages that are not consumed yet. */
  keyPackages(): readonly OwnKeyPackage[];
  consumeKeyPackage(reference: string): void;
  /** Generates and stores a key package for a conversation. */
  generateKeyPackage(leaf: LeafOptions): Promise<Uint8Array>;
}

/** Effects that answer one call. */
export type ReplyEffect = Extract<Effect, { kind: "sealed" | "unsent" | "leftOutbox" }>;

/** Initial state of a driver: new, or restored from storage. */
export interface DriverStart extends StoredConversation {
  /** Store of the conversation; undefined without a storage. */
  readonly store: ConversationStore | undefined;
  readonly isRestored: boolean;
  /** Secret form of the invitation by which this user joins, wiped by the driver; undefined after a restart. */
  readonly secret?: Uint8Array | undefined;
}

/** Wall clock in whole seconds since the Unix epoch. */
export function wallSeconds(clock: Pick<Clock, "wallMs">): number {
  return Math.floor(clock.wallMs() / 1_000);
}

/** Environment of a step at the current time. */
export function environmentOf(context: DriverContext): Environment {
  const { plugins, leafKey, self, display, appId, random, clock, keyPackages } = context;
  const nowWallMs = clock.wallMs();
  return {
    plugins: { ...plugins, mls: leafKey.mls },
    self,
    display,
    appId,
    random,
    nowMs: clock.monotonicMs(),
    nowWallMs,
    nowSeconds: BigInt(Math.floor(nowWallMs / 1_000)),
    identityProof: leafKey.identityProof,
    keyPackages: keyPackages(),
  };
}
