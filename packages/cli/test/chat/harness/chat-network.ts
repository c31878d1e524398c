import { createMemoryNetwork, DemlsError } from "demls";
import { BehaviorSubject } from "rxjs";
import {
  subscribersOf,
  type ChatTransport,
  type ConnectionState,
} from "../../../src/chat/network/chat-transport.js";

/** An in-process network whose members see their peers and can go offline. */
export interface ChatNetwork {
  /** Creates a member's transport, which dials addresses such as `/memory/ada`. */
  join(name: string, dial?: readonly string[]): ChatTransport;
}

interface Member {
  readonly name: string;
  readonly dial: readonly string[];
  readonly listening: Set<string>;
  online: boolean;
  readonly changes: BehaviorSubject<ConnectionState>;
}

const NOBODY: ConnectionState = { isOnline: true, peers: [], topics: [], waiting: 0, dialling: [] };

/** @param publishing promise that each publish awaits */
export function createChatNetwork(publishing: () => Promise<void> = async () => undefined): ChatNetwork {
  const members = new Map<string, Member>();
  const isOnline = (name: string): boolean => members.get(name)?.online ?? false;
  const network = createMemoryNetwork({
    intercept: (packet, { from, to }) => (isOnline(from) && isOnline(to) ? packet : undefined),
  });

  function dialled(address: string): ConnectionState["dialling"][number] {
    if (isOnline(address.replace("/memory/", ""))) return { address, state: "connected", failures: 0 };
    return { address, state: "waiting", failures: 1, lastError: "connection refused" };
  }

  function look({ name, online, listening, dial }: Member): ConnectionState {
    const others = online ? [...members.values()].filter((other) => other.online && other.name !== name) : [];
    const topics = [...listening].map((topic) => {
      const subscribers = others.filter((other) => other.listening.has(topic)).length;
      return { topic, conversationIds: [topic], subscribers, mesh: subscribers };
    });
    return {
      peers: others.map((other) => other.name),
      topics,
      waiting: 0,
      isOnline: online,
      dialling: dial.map(dialled),
    };
  }

  function tellAll(): void {
    for (const member of members.values()) member.changes.next(look(member));
  }

  function join(name: string, dial: readonly string[] = []): ChatTransport {
    const inner = network.join({ name });
    const member: Member = {
      name,
      dial,
      listening: new Set(),
      online: true,
      changes: new BehaviorSubject(NOBODY),
    };
    members.set(name, member);
    tellAll();
    const go = (online: boolean): void => {
      member.online = online;
      tellAll();
    };
    return {
      peerId: name,
      addresses: [`/memory/${name}`],
      get connection() {
        return look(member);
      },
      connection$: member.changes,
      async publish(packet) {
        await publishing();
        if (subscribersOf(look(member), packet.conversationId) === 0) throw nobodyThere();
        await inner.publish(packet);
      },
      async subscribe(conversationId, listener) {
        const end = await inner.subscribe(conversationId, listener);
        member.listening.add(conversationId);
        tellAll();
        return end;
      },
      knownPeers: async (conversation) =>
        [...members.values()]
          .filter((other) => other !== member && other.online && other.listening.has(conversation))
          .map((other) => ({ peerId: other.name, addresses: [`/memory/${other.name}`] })),
      dial: async () => undefined,
      goOffline: () => go(false),
      goOnline: () => go(true),
      async close() {
        await inner.close();
        members.delete(name);
        tellAll();
      },
    };
  }

  return { join };
}

function nobodyThere(): DemlsError<"no-peers"> {
  return new DemlsError("no-peers", { message: "No other member is online." });
}
