import { createVirtualClock } from "@demls/testkit";
import { BehaviorSubject } from "rxjs";
import { expect, test } from "vitest";
import type { ChatTransport, ConnectionState } from "../../../src/chat/network/chat-transport.js";
import { watchConnection, type ConnectionChange } from "../../../src/chat/network/connection-changes.js";
import { createChatNetwork } from "../harness/chat-network.js";

/** A connection that the test changes, and the reported changes. */
function createFollowed(isWaiting: boolean) {
  const clock = createVirtualClock();
  const base = createChatNetwork().join("ada");
  const changes = new BehaviorSubject<ConnectionState>(base.connection);
  const transport: ChatTransport = {
    ...base,
    connection$: changes,
    get connection() {
      return changes.value;
    },
  };
  const told: ConnectionChange[] = [];
  const end = watchConnection(transport, "garden", clock, isWaiting, (change) => told.push(change));
  const change = (fields: Partial<ConnectionState>): void => changes.next({ ...changes.value, ...fields });
  return { clock, change, told, end };
}

const GARDEN = { topic: "t", conversationIds: ["garden"], subscribers: 1, mesh: 1 };

test("A peer that connects and subscribes at once is reported as one change", async () => {
  const { clock, change, told } = createFollowed(false);
  change({ peers: ["bob"] });
  await clock.advance(300);
  change({ topics: [GARDEN] });
  await clock.advance(10_000);
  expect(told).toMatchObject([{ connection: { peers: ["bob"] }, subscribers: 1 }]);
});

test("A lost peer is reported while buffered packets cause changes all the time", async () => {
  const { clock, change, told } = createFollowed(false);
  change({ peers: ["bob"] });
  await clock.advance(2_000);
  change({ peers: [], waiting: 1 });
  for (let second = 0; second < 5; second++) {
    await clock.advance(900);
    change({ waiting: second });
  }
  expect(told.map(({ connection }) => connection.peers)).toEqual([["bob"], []]);
});

test("An initial state without peers is reported only if the chat waits for peers", async () => {
  for (const isWaiting of [true, false]) {
    const { clock, told } = createFollowed(isWaiting);
    await clock.advance(10_000);
    expect(told).toHaveLength(isWaiting ? 1 : 0);
  }
});

test("An address that does not answer is reported once, however peers change, and once when it answers", async () => {
  const { clock, change, told } = createFollowed(false);
  const address = "/memory/bob";
  change({ dialling: [{ address, state: "waiting", failures: 1 }] });
  await clock.advance(2_000);
  for (const peers of [["cleo"], []]) {
    change({ peers });
    await clock.advance(2_000);
  }
  change({ peers: ["bob"], dialling: [{ address, state: "connected", failures: 0 }] });
  await clock.advance(2_000);
  change({ peers: [], dialling: [{ address, state: "waiting", failures: 1 }] });
  await clock.advance(2_000);
  expect(told.map(({ silent }) => silent.length)).toEqual([1, 0, 0, 0, 1]);
  expect(told.map(({ answering }) => answering)).toEqual([[], [], [], [address], []]);
});

test("An unreachable address is reported once, and no change after unsubscribing", async () => {
  const { clock, change, told, end } = createFollowed(false);
  const silent = { address: "/memory/bob", state: "waiting", failures: 1 } as const;
  change({ dialling: [silent] });
  await clock.advance(2_000);
  change({ dialling: [{ ...silent, failures: 2 }] });
  await clock.advance(2_000);
  expect(told).toHaveLength(1);
  change({ peers: ["bob"] });
  end();
  await clock.advance(2_000);
  expect(told).toHaveLength(1);
});
