/**
 * A proposal was decided. The counterpart of the enum of the same name in hashgraph-like-consensus 0.4.0.
 *
 * One that a vote beyond its rounds has failed is told as `failed` at once; where its deadline finds a majority all the
 * same, as `reached` after that.
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

/** Whoever wants to know of decisions. */
export interface ConsensusObserver {
  /** Is told of a decision. */
  next(event: ConsensusEvent): void;
}

/** Ends a subscription. */
export interface ConsensusSubscription {
  /** From now on its observer is told nothing, not even an event that is being handed on. Idempotent. */
  unsubscribe(): void;
}

/**
 * Hands decisions to whoever wants to know: an observable by its shape, so that
 * `new Observable((subscriber) => bus.subscribe(subscriber))` is one of RxJS.
 */
export interface ConsensusEventBus {
  /** Hands an event to those who have subscribed by now. Never throws. */
  publish(event: ConsensusEvent): void;
  /** Every event of every conversation from now on, in the order in which they are published. */
  subscribe(observer: ConsensusObserver): ConsensusSubscription;
}

/**
 * The default bus: hands on within {@link ConsensusEventBus.publish}, so that it keeps nothing. What an observer throws
 * is dropped, for no vote may fail by it. {@link queueEvents} is for those who cannot keep pace.
 */
export function createConsensusEventBus(): ConsensusEventBus {
  const observers = new Set<ConsensusObserver>();
  return {
    publish(event) {
      for (const observer of [...observers]) {
        try {
          // One that came before may have ended this one's subscription.
          if (observers.has(observer)) observer.next(event);
        } catch {
          // The observer's own business.
        }
      }
    },
    subscribe(observer) {
      // Of its own, since one observer may subscribe twice.
      const entry: ConsensusObserver = { next: (event) => observer.next(event) };
      observers.add(entry);
      return { unsubscribe: () => void observers.delete(entry) };
    },
  };
}
