import type { RPC } from "@libp2p/gossipsub/message";

/**
 * Entries in a list of an RPC at most. The crate libp2p takes no more subscriptions at once since its gossipsub 0.50,
 * and 16 KiB of control messages, which the names of a hundred topics stay below.
 */
const MAX_ENTRIES = 100;

const NO_CONTROL: RPC.ControlMessage = { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] };

/**
 * An RPC in parts that any peer takes, each list in its order; or the RPC itself where it is small enough.
 *
 * @param maxMessageBytes - bytes of a part's messages at most, where these are several
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

/** The runs of a list that have few enough entries, and few enough bytes unless one has more by itself. */
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
