import type { ConsensusEvent, ConsensusEventBus, ConsensusObserver } from "@demls/consensus/service";
import { expectEqual, type ContractCase } from "./contract-case.js";

/** Creates a bus under test, without observers. */
export type CreateConsensusEventBus = () => ConsensusEventBus;

/**
 * Contract of a `ConsensusEventBus`, used by `createConsensusService` and its observers: delivery, order, and isolation
 * of observers from each other and from the publisher.
 *
 * @param create creates a bus under test
 * @param settle waits until published events are delivered; by default it waits for nothing, as a bus may deliver
 *   within `publish`
 *
 * @example
 * ```ts
 * for (const { name, run } of consensusEventBusContract(() => createMyBus())) test(name, run);
 * ```
 */
export function consensusEventBusContract(
  create: CreateConsensusEventBus,
  settle: () => Promise<void> = () => Promise.resolve(),
): readonly ContractCase[] {
  /** Publishes events one after the other, and waits for their delivery. */
  async function publish(bus: ConsensusEventBus, ...proposalIds: readonly number[]): Promise<void> {
    for (const proposalId of proposalIds) bus.publish(failed(proposalId));
    await settle();
  }

  return [
    {
      name: "delivers every event unchanged, in the order of publishing, for all conversations",
      async run() {
        const bus = create();
        const heard: ConsensusEvent[] = [];
        bus.subscribe({ next: (event) => heard.push(event) });
        const events = [
          reached(2, "yes"),
          failed(1),
          reached(3, "no"),
          failed(2, "shed"),
          failed(1),
          failed(1),
        ];
        for (const event of events) bus.publish(event);
        await settle();
        expectEqual(heard, events, "The events of an observer");
      },
    },
    {
      name: "delivers an event to all current subscribers, and no earlier events",
      async run() {
        const bus = create();
        await publish(bus, 0);
        const [first, second] = [new Listener(), new Listener()];
        bus.subscribe(first);
        await publish(bus, 1);
        bus.subscribe(second);
        await publish(bus, 2);
        expectEqual(
          [first.heard, second.heard],
          [[1, 2], [2]],
          "The events of the first and the second observer",
        );
      },
    },
    {
      name: "delivers nothing after unsubscribing, and allows unsubscribing again",
      async run() {
        const bus = create();
        const [leaving, staying] = [new Listener(), new Listener()];
        const subscription = bus.subscribe(leaving);
        bus.subscribe(staying);
        await publish(bus, 1);
        subscription.unsubscribe();
        subscription.unsubscribe();
        await publish(bus, 2);
        expectEqual(
          [leaving.heard, staying.heard],
          [[1], [1, 2]],
          "The events of the leaving and the staying observer",
        );
      },
    },
    {
      name: "treats an observer that subscribes twice as two",
      async run() {
        const bus = create();
        const listener = new Listener();
        const first = bus.subscribe(listener);
        bus.subscribe(listener);
        await publish(bus, 1);
        first.unsubscribe();
        first.unsubscribe();
        await publish(bus, 2);
        expectEqual(listener.heard, [1, 1, 2], "The events of an observer subscribed twice, then once,");
      },
    },
    {
      name: "hides an observer's exception from other observers and the publisher",
      async run() {
        const bus = create();
        const [before, after] = [new Listener(), new Listener()];
        bus.subscribe(before);
        bus.subscribe(throwing());
        bus.subscribe(after);
        await publish(bus, 1, 2);
        const all = [1, 2];
        expectEqual([before.heard, after.heard], [all, all], "The events of the other observers");
      },
    },
    {
      name: "delivers further events to an observer that has thrown",
      async run() {
        const bus = create();
        const thrower = throwing();
        bus.subscribe(thrower);
        await publish(bus, 1, 2);
        expectEqual(thrower.heard, [1, 2], "The events of the observer");
      },
    },
    {
      name: "delivers an event to the subscribers at publishing, even if an observer subscribes or unsubscribes",
      async run() {
        const bus = create();
        const [leaving, staying, coming] = [new Listener(), new Listener(), new Listener()];
        const subscription = bus.subscribe({
          next(event) {
            leaving.next(event);
            subscription.unsubscribe();
            bus.subscribe(coming);
          },
        });
        bus.subscribe(staying);
        await publish(bus, 1);
        await publish(bus, 2);
        const heard = [leaving.heard, staying.heard, coming.heard];
        expectEqual(
          heard,
          [[1], [1, 2], [2]],
          "The events of the leaving, the staying and the joining observer",
        );
      },
    },
    {
      name: "keeps two buses apart",
      async run() {
        const [bus, other] = [create(), create()];
        const listener = new Listener();
        bus.subscribe(listener);
        await publish(other, 1);
        expectEqual(listener.heard, [], "The events from another bus");
      },
    },
  ];
}

/** Observer that records proposals. Fails unless called as a method. */
class Listener implements ConsensusObserver {
  readonly heard: number[] = [];

  next({ proposalId }: ConsensusEvent): void {
    this.heard.push(proposalId);
  }
}

/** Observer that throws on every event. */
function throwing(): Listener {
  return new (class extends Listener {
    override next(event: ConsensusEvent): void {
      super.next(event);
      throw new Error("The observer has failed.");
    }
  })();
}

function failed(proposalId: number, conversationId = "garden"): ConsensusEvent {
  return { kind: "failed", conversationId, proposalId, timestampSeconds: 1n };
}

function reached(proposalId: number, result: "yes" | "no"): ConsensusEvent {
  return { kind: "reached", conversationId: "garden", proposalId, result, timestampSeconds: 2n };
}
