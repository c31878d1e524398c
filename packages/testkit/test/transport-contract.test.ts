import { DemlsError, type Packet, type Transport } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { transportContract, type TransportNetwork } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

interface Subscription {
  readonly owner: Transport;
  readonly conversationId: string;
  readonly listener: (packet: Packet) => void;
}

/** Correct network, in parts that faulty ones replace. */
class Bus implements TransportNetwork {
  protected readonly subscriptions = new Set<Subscription>();

  join(): Transport {
    const owner: Transport = {
      publish: async (packet) => this.publish(owner, this.taken(packet)),
      subscribe: async (conversationId, listener) => {
        const subscription = { owner, conversationId, listener };
        this.subscribed(subscription);
        return () => this.end(subscription);
      },
    };
    return owner;
  }

  /** Two turns of the event loop: the slowest one here takes one. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
  }

  protected publish(from: Transport, packet: Packet): void {
    for (const to of this.subscriptions)
      if (to.owner !== from && this.addresses(packet, to)) this.deliver(packet, to);
  }

  protected subscribed(subscription: Subscription): void {
    this.subscriptions.add(subscription);
  }

  protected addresses(packet: Packet, { conversationId }: Subscription): boolean {
    return packet.conversationId === conversationId;
  }

  protected deliver(packet: Packet, to: Subscription): void {
    const given = this.given(packet);
    queueMicrotask(() => this.subscriptions.has(to) && to.listener(given));
  }

  protected taken(packet: Packet): Packet {
    return copyOf(packet);
  }

  protected given(packet: Packet): Packet {
    return copyOf(packet);
  }

  protected end(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
  }
}

function copyOf(packet: Packet): Packet {
  return { ...packet, payload: Uint8Array.from(packet.payload), appId: Uint8Array.from(packet.appId) };
}

/** Correct transport that delivers packets twice, echoed and in reverse order. */
class Untidy extends Bus {
  protected override publish(_from: Transport, packet: Packet): void {
    for (const to of [...this.subscriptions].reverse())
      for (let i = 0; i < 2; i++) if (this.addresses(packet, to)) this.deliver(packet, to);
  }
}

/** Correct transport that rejects names with a slash and packets without subscribers. */
class Choosy extends Bus {
  refuses(name: string): boolean {
    return name.includes("/");
  }

  protected override publish(from: Transport, packet: Packet): void {
    if ([packet.conversationId, packet.subtopic].some((name) => this.refusesToPublish(name))) throw refused();
    if (![...this.subscriptions].some((to) => this.addresses(packet, to)))
      throw new DemlsError("no-peers", { message: "Nobody is there." });
    super.publish(from, packet);
  }

  protected override subscribed(subscription: Subscription): void {
    if (this.refusesToSubscribe(subscription.conversationId)) throw refused();
    super.subscribed(subscription);
  }

  protected refusesToPublish(name: string): boolean {
    return this.refuses(name);
  }

  protected refusesToSubscribe(name: string): boolean {
    return this.refuses(name);
  }
}

function refused(): DemlsError {
  return new DemlsError("refused", { message: "It is refused." });
}

class PublishingAnyName extends Choosy {
  protected override refusesToPublish(): boolean {
    return false;
  }
}

class SubscribingAnyName extends Choosy {
  protected override refusesToSubscribe(): boolean {
    return false;
  }
}

class OneListener extends Bus {
  protected override publish(from: Transport, packet: Packet): void {
    const others = [...this.subscriptions].filter((to) => to.owner !== from && this.addresses(packet, to));
    others.slice(0, 1).forEach((to) => this.deliver(packet, to));
  }
}

class KnownSubtopics extends Bus {
  protected override addresses(packet: Packet, to: Subscription): boolean {
    return super.addresses(packet, to) && ["welcome", "app_msg"].includes(packet.subtopic);
  }
}

class ByPrefix extends Bus {
  protected override addresses({ conversationId }: Packet, to: Subscription): boolean {
    return conversationId.startsWith(to.conversationId);
  }
}

class Slow extends Bus {
  #taken = 0;

  protected override deliver(packet: Packet, to: Subscription): void {
    if (this.#taken++ === 0) setImmediate(() => (this.#taken = 0));
    if (this.#taken < 64) super.deliver(packet, to);
  }
}

class AtOnce extends Bus {
  protected override deliver(packet: Packet, to: Subscription): void {
    to.listener(this.given(packet));
  }
}

class SubscribingLater extends Bus {
  protected override subscribed(subscription: Subscription): void {
    setImmediate(() => super.subscribed(subscription));
  }
}

class Greeting extends Bus {
  protected override subscribed(subscription: Subscription): void {
    super.subscribed(subscription);
    const { conversationId } = subscription;
    const payload = new TextEncoder().encode("hello");
    subscription.listener({
      payload,
      subtopic: "app_msg",
      conversationId,
      appId: new Uint8Array(16).fill(7),
    });
  }
}

class Text extends Bus {
  protected override taken(packet: Packet): Packet {
    const payload = new TextEncoder().encode(new TextDecoder().decode(packet.payload));
    return { ...copyOf(packet), payload };
  }
}

class SharedWithPublisher extends Bus {
  protected override taken(packet: Packet): Packet {
    return packet;
  }

  protected override given(packet: Packet): Packet {
    return packet;
  }

  protected override deliver(packet: Packet, to: Subscription): void {
    setImmediate(() => this.subscriptions.has(to) && to.listener(copyOf(packet)));
  }
}

class Transferring extends Bus {
  protected override taken({ payload, ...rest }: Packet): Packet {
    const copy = { ...rest, payload: Uint8Array.from(payload), appId: Uint8Array.from(rest.appId) };
    payload.fill(0);
    return copy;
  }
}

class Marking extends Bus {
  protected override taken(packet: Packet): Packet {
    return Object.assign(packet, { takenAt: 0 }) && copyOf(packet);
  }
}

class SharedByListeners extends Bus {
  protected override given(packet: Packet): Packet {
    return packet;
  }
}

class DeliveringOn extends Bus {
  protected override deliver(packet: Packet, to: Subscription): void {
    setImmediate(() => to.listener(this.given(packet)));
  }
}

class EndingByListener extends Bus {
  protected override end({ owner, listener }: Subscription): void {
    for (const own of this.subscriptions)
      if (own.owner === owner && own.listener === listener) this.subscriptions.delete(own);
  }
}

class EndingAll extends Bus {
  protected override end({ owner }: Subscription): void {
    for (const own of this.subscriptions) if (own.owner === owner) this.subscriptions.delete(own);
  }
}

/** Takes it for a failure that nobody is there. */
class FailingAlone extends Bus {
  protected override publish(from: Transport, packet: Packet): void {
    const isHeard = [...this.subscriptions].some((to) => to.owner !== from && this.addresses(packet, to));
    if (!isHeard) throw new Error("Nobody is there.");
    super.publish(from, packet);
  }
}

class ThrowingAtDials extends Bus {
  override join(): Transport {
    const dial = (): Promise<void> => {
      throw new Error("no such address");
    };
    return { ...super.join(), dial };
  }
}

class Rejecting extends Bus {
  override join(): Transport {
    return { ...super.join(), dial: () => Promise.reject(new Error("no such address")) };
  }
}

describe("the contract of transports", () => {
  describe.each([
    ["a plain transport", Bus],
    ["a transport that repeats, echoes and reorders", Untidy],
    ["a transport that rejects some names and packets without subscribers", Choosy],
    ["a transport that rejects addresses", Rejecting],
  ])("is met by %s, which", (_what, Sound) => {
    for (const { name, run } of transportContract(() => new Sound())) test(name, run);
  });

  const toEveryOne =
    "delivers a packet to all other subscribers of its conversation, once subscribing has resolved";
  const within = "calls no listener synchronously within publish or subscribe";
  const names = "rejects unsupported names of conversations and subtopics";
  const own = "gives each listener its own bytes";
  const given = "does not mutate a published packet, and lets its bytes be reused once publishing resolves";

  test.each([
    ["supports only one listener", OneListener, toEveryOne],
    ["subscribes after it has resolved", SubscribingLater, toEveryOne],
    [
      "delivers only known subtopics",
      KnownSubtopics,
      "delivers packets of all subtopics of a conversation, with the subtopic's name",
    ],
    ["matches names by prefix", ByPrefix, "keeps conversations apart, with any names"],
    ["publishes to unsupported names", PublishingAnyName, names],
    ["subscribes to unsupported names", SubscribingAnyName, names],
    ["drops packets in quick succession", Slow, "delivers all of many packets published at once"],
    ["delivers synchronously", AtOnce, within],
    ["calls a listener on subscribing", Greeting, within],
    [
      "delivers only text",
      Text,
      "delivers payloads of 0 to 200,000 bytes and the sender's instance id unchanged",
    ],
    ["keeps the publisher's bytes", SharedWithPublisher, given],
    ["empties the packet passed in", Transferring, given],
    ["mutates the packet passed in", Marking, "accepts a frozen packet"],
    ["shares bytes between listeners", SharedByListeners, own],
    ["delivers to ended subscriptions", DeliveringOn, "ends only this subscription, at once"],
    [
      "ends all subscriptions of a listener",
      EndingByListener,
      "ignores ending a subscription again, even with a new one of the same listener",
    ],
    ["ends all subscriptions of a member", EndingAll, "ends only this subscription, at once"],
    [
      "takes it for a failure that nobody is there",
      FailingAlone,
      "accepts a packet without subscribers or rejects it as such, and delivers the next",
    ],
    ["throws at a dial", ThrowingAtDials, "may reject addresses to dial, by its promise alone, and goes on"],
  ])("reports an implementation that %s", async (_what, Broken, name) => {
    expect(await brokenCases(transportContract(() => new Broken()))).toContain(name);
  });

  test("closes its network after each case, passed or failed", async () => {
    let [opened, closed] = [0, 0];
    class Counted extends OneListener {
      constructor() {
        super();
        opened += 1;
      }
      async close(): Promise<void> {
        closed += 1;
      }
    }
    expect(await brokenCases(transportContract(() => new Counted()))).not.toEqual([]);
    expect(closed).toBe(opened);
  });
});
