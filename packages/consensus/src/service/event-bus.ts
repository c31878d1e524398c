/**
 * Decision on a proposal. The counterpart of the enum of the same name in hashgraph-like-consensus 0.4.0.
 *
 * A proposal that fails by a vote beyond its rounds is published as `failed` at once. If its deadline finds a majority
 * nevertheless, it is then published as `reached`.
 */
export type ConsensusEvent =
  | {
      readonly kind: "reached";
      readonly conversationId: string;
      readonly proposalId: number;
      readonly result: "yes" | "no";
      /** Wall clock when it was decided here, whole seconds since the Unix epoch. */
      readonly timestampSeconds: bigint;
    }
  | {
      readonly kind: "failed";
      readonly conversationId: string;
      readonly proposalId: number;
      readonly timestampSeconds: bigint;
    };

/** Observer of decisions. */
export interface ConsensusObserver {
  /** Called with each decision. */
  next(event: ConsensusEvent): void;
}

/** Subscription to a bus. */
export interface ConsensusSubscription {
  /** Stops delivery to the observer at once, even of an event being published. Idempotent. */
  unsubscribe(): void;
}

/**
 * Bus that delivers decisions to observers. `new Observable((subscriber) => bus.subscribe(subscriber))` makes it an
 * observable of RxJS.
 */
export interface ConsensusEventBus {
  /** Delivers an event to the current subscribers. Never throws. */
  publish(event: ConsensusEvent): void;
  /** Subscribes to all later events of every conversation, in the order of publishing. */
  subscribe(observer: ConsensusObserver): ConsensusSubscription;
}

/**
 * Default bus. Delivers synchronously within {@link ConsensusEventBus.publish}, without buffering. Exceptions of
 * observers are dropped, so that they cannot fail a vote. Use {@link queueEvents} for slow consumers.
 */
export function createConsensusEventBus(): ConsensusEventBus {
  const observers = new Set<ConsensusObserver>();
  return {
    publish(event) {
      for (const observer of [...observers]) {
        try {
          // An earlier observer may have ended this subscription.
          if (observers.has(observer)) observer.next(event);
        } catch {
          // An observer's exception must not reach the publisher.
        }
      }
    },
    subscribe(observer) {
      // A separate object, since one observer may subscribe twice.
      const entry: ConsensusObserver = { next: (event) => observer.next(event) };
      observers.add(entry);
      return { unsubscribe: () => void observers.delete(entry) };
    },
  };
}
