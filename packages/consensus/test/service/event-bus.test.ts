import { describe, expect, it } from "vitest";
import { createConsensusEventBus, queueEvents, type ConsensusEvent } from "../../src/service/index.js";

function failed(proposalId: number): ConsensusEvent {
  return { kind: "failed", conversationId: "garden", proposalId, timestampSeconds: 1n };
}

/** Ids of the queued events, until the queue is closed. */
async function drain(queue: AsyncIterable<ConsensusEvent>): Promise<number[]> {
  const ids: number[] = [];
  for await (const { proposalId } of queue) ids.push(proposalId);
  return ids;
}

describe("the bus of events", () => {
  it("delivers each event to all current subscribers, in order", () => {
    const bus = createConsensusEventBus();
    const heard: string[] = [];
    bus.publish(failed(0));
    bus.subscribe({ next: ({ proposalId }) => heard.push(`a${proposalId}`) });
    bus.publish(failed(1));
    const second = bus.subscribe({ next: ({ proposalId }) => heard.push(`b${proposalId}`) });
    bus.publish(failed(2));
    second.unsubscribe();
    second.unsubscribe();
    bus.publish(failed(3));
    expect(heard).toEqual(["a1", "a2", "b2", "a3"]);
  });

  it("treats an observer that subscribes twice as two", () => {
    const bus = createConsensusEventBus();
    const heard: number[] = [];
    const observer = { next: ({ proposalId }: ConsensusEvent) => void heard.push(proposalId) };
    const first = bus.subscribe(observer);
    bus.subscribe(observer);
    bus.publish(failed(1));
    first.unsubscribe();
    bus.publish(failed(2));
    expect(heard).toEqual([1, 1, 2]);
  });

  it("hides an observer's exception from other observers and the publisher", () => {
    const bus = createConsensusEventBus();
    const heard: number[] = [];
    bus.subscribe({
      next() {
        throw new Error("of its own");
      },
    });
    bus.subscribe({ next: ({ proposalId }) => heard.push(proposalId) });
    bus.publish(failed(1));
    expect(heard).toEqual([1]);
  });

  it("delivers nothing more to an observer unsubscribed by another during delivery", () => {
    const bus = createConsensusEventBus();
    const heard: string[] = [];
    bus.subscribe({ next: () => second.unsubscribe() });
    const second = bus.subscribe({ next: ({ proposalId }) => heard.push(`b${proposalId}`) });
    bus.subscribe({ next: ({ proposalId }) => heard.push(`c${proposalId}`) });
    bus.publish(failed(1));
    expect(heard).toEqual(["c1"]);
  });

  it("calls an observer as a method, with its `this`", () => {
    const bus = createConsensusEventBus();
    class Counter {
      heard = 0;
      next(): void {
        this.heard++;
      }
    }
    const counter = new Counter();
    bus.subscribe(counter);
    bus.publish(failed(1));
    expect(counter.heard).toBe(1);
  });
});

describe("a queue of events", () => {
  it("returns them in order to a later reader", async () => {
    const bus = createConsensusEventBus();
    const queue = queueEvents(bus);
    [1, 2, 3].forEach((id) => bus.publish(failed(id)));
    queue.close();
    bus.publish(failed(4));
    expect(await drain(queue)).toEqual([1, 2, 3]);
    expect(queue.missed).toBe(0);
  });

  it("drops and counts the oldest when full", async () => {
    const bus = createConsensusEventBus();
    const queue = queueEvents(bus, 2);
    [1, 2, 3, 4, 5].forEach((id) => bus.publish(failed(id)));
    queue.close();
    expect(await drain(queue)).toEqual([4, 5]);
    expect(queue.missed).toBe(3);
  });

  it("holds a thousand by default", async () => {
    const bus = createConsensusEventBus();
    const queue = queueEvents(bus);
    for (let id = 0; id < 1_001; id++) bus.publish(failed(id));
    expect(queue.missed).toBe(1);
    queue.close();
  });

  it("lets a reader wait for the next event and for the end", async () => {
    const bus = createConsensusEventBus();
    const queue = queueEvents(bus);
    const reading = drain(queue);
    bus.publish(failed(1));
    await Promise.resolve();
    bus.publish(failed(2));
    await Promise.resolve();
    queue.close();
    expect(await reading).toEqual([1, 2]);
  });

  it("ends when its reader stops", async () => {
    const bus = createConsensusEventBus();
    const queue = queueEvents(bus, 1);
    bus.publish(failed(1));
    for await (const { proposalId } of queue) if (proposalId === 1) break;
    bus.publish(failed(2));
    bus.publish(failed(3));
    expect(queue.missed).toBe(0);
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it.each([0, -1, 1.5, Number.NaN])("rejects a size of %d events", (maxQueued) => {
    const make = () => queueEvents(createConsensusEventBus(), maxQueued);
    expect(make).toThrow(expect.objectContaining({ code: "invalid-max-queued" }));
  });
});
