import type { RPC } from "@libp2p/gossipsub/message";

/**
 * Maximum entries in a list of a sent RPC. The Rust crate libp2p, from gossipsub 0.50 on, accepts no more subscriptions
 * at once. It accepts 16 KiB of control messages, enough for the names of a hundred topics.
 */
const MAX_ENTRIES = 100;

const NO_CONTROL: RPC.ControlMessage = { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] };

/**
 * Splits an RPC into parts that any peer accepts, each list in its order; a small RPC stays whole.
 *
 * @param maxMessageBytes - maximum bytes of a part with several messages
 */
export function partsOfRpc(rpc: RPC, maxMessageBytes: number): readonly RPC[] {
  const { subscriptions, messages, control = NO_CONTROL } = rpc;
  const bytesOf = ({ data, topic }: RPC.Message): number => (data?.length ?? 0) + topic.length;
  const lists: readonly (readonly RPC[])[] = [
    inParts(subscriptions).map((part) => ({ subscriptions: part, messages: [] })),
    inParts(messages, bytesOf, maxMessageBytes).map((part) => ({ subscriptions: [], messages: part })),
    inParts(control.ihave).map((ihave) => controlOf({ ihave })),
    inParts(control.iwant).map((iwant) => controlOf({ iwant })),
    inParts(control.graft).map((graft) => controlOf({ graft })),
    inParts(control.prune).map((prune) => controlOf({ prune })),
    inParts(control.idontwant).map((idontwant) => controlOf({ idontwant })),
  ];
  return lists.every((parts) => parts.length <= 1) ? [rpc] : lists.flat();
}

function controlOf(control: Partial<RPC.ControlMessage>): RPC {
  return { subscriptions: [], messages: [], control: { ...NO_CONTROL, ...control } };
}

/** Splits a list by number of entries and by bytes; a single larger entry stays whole. */
function inParts<T>(list: readonly T[], bytesOf: (entry: T) => number = () => 0, maxBytes = Infinity): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const entry of list) {
    const last = parts.at(-1);
    const entryBytes = bytesOf(entry);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + entryBytes > maxBytes) {
      parts.push([entry]);
      bytes = entryBytes;
    } else {
      last.push(entry);
      bytes += entryBytes;
    }
  }
  return parts;
}
