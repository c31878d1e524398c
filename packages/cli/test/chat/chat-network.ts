import { createMemoryNetwork } from "demls";
import { BehaviorSubject } from "rxjs";
import type { ChatTransport, Connection } from "../../src/chat/chat-transport.js";

/** A network within the test, whose members see who else is on it, and can go offline. */
export interface ChatNetwork {
  join(name: string): ChatTransport;
}

interface Member {
  readonly name: string;
  readonly listening: Set<string>;
  online: boolean;
  readonly changes: BehaviorSubject<Connection>;
}

const NOBODY: Connection = { peers: [], topics: [], waiting: 0 };

export function createChatNetwork(): ChatNetwork {
  const members = new Map<string, Member>();
  const isOnline = (name: string): boolean => members.get(name)?.online ?? false;
  const network = createMemoryNetwork({
    intercept: (packet, { from, to }) => (isOnline(from) && isOnline(to) ? packet : undefined),
  });

  function look({ name, online, listening }: Member): Connection {
    const others = online ? [...members.values()].filter((other) => other.online && other.name !== name) : [];
    const topics = [...listening].map((topic) => {
      const subscribers = others.filter((other) => other.listening.has(topic)).length;
      return { topic, conversationIds: [topic], subscribers, mesh: subscribers };
    });
    return { peers: others.map((other) => other.name), topics, waiting: 0 };
  }

  function tellAll(): void {
    for (const member of members.values()) member.changes.next(look(member));
  }

  function join(name: string): ChatTransport {
    const inner = network.join({ name });
    const member: Member = { name, listening: new Set(), online: true, changes: new BehaviorSubject(NOBODY) };
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
      publish: (packet) => inner.publish(packet),
      async subscribe(conversationId, listener) {
        const end = await inner.subscribe(conversationId, listener);
        member.listening.add(conversationId);
        tellAll();
        return end;
      },
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
