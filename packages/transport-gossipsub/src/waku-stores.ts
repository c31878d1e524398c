import { APP_MSG_SUBTOPIC, DemlsError, REPAIR_SUBTOPIC, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import type { Framing } from "./framing.js";

/** Maximum number of stores; each may take its timeout before the next is asked. */
const MAX_STORES = 16;

/** Maximum number of content topics in a question: other implementations of stores refuse more. */
const MAX_CONTENT_TOPICS = 10;

const OWN_SUBTOPICS = [WELCOME_SUBTOPIC, APP_MSG_SUBTOPIC, REPAIR_SUBTOPIC];

const MAX_FURTHER_SUBTOPICS = MAX_CONTENT_TOPICS - OWN_SUBTOPICS.length;

/** Waku nodes that serve old packets. */
export interface WakuStores {
  /**
   * Multiaddrs of at most 16 nodes, asked in this order until one answers to the end. A multiaddr `/p2p/<peer id>` is a
   * peer whose addresses the node knows. Without any, the transport has no `history`.
   */
  readonly addresses: readonly string[];
  /**
   * Subtopics to ask for besides those of conversations, such as those of `handleSubtopic`: at most 7, because stores
   * accept ten content topics in a question.
   *
   * @defaultValue none
   */
  readonly subtopics?: readonly string[];
}

/** Checked {@link WakuStores}. */
export interface StoreSettings {
  readonly addresses: readonly Multiaddr[];
  readonly subtopics: readonly string[];
}

/**
 * Checks the stores of a transport.
 *
 * @returns `undefined` if there is none
 * @throws DemlsError `stores-need-waku`, `too-many-stores`, `invalid-address`, `too-many-subtopics`, `invalid-subtopic`
 */
export function requireStores(stores: WakuStores | undefined, framing: Framing): StoreSettings | undefined {
  if (stores === undefined) return undefined;
  if (!framing.isStored) throw storesNeedWaku();
  const { addresses, subtopics = [] } = stores;
  if (addresses.length > MAX_STORES) throw tooManyStores();
  const further = [...new Set(subtopics)].filter((subtopic) => !OWN_SUBTOPICS.includes(subtopic));
  if (further.length > MAX_FURTHER_SUBTOPICS) throw tooManySubtopics();
  for (const subtopic of further) requireSubtopic(subtopic, framing);
  const settings = { addresses: addresses.map(storeAddress), subtopics: [...OWN_SUBTOPICS, ...further] };
  return addresses.length === 0 ? undefined : settings;
}

function requireSubtopic(subtopic: string, framing: Framing): void {
  const refusal = framing.refusal("-", subtopic);
  if (refusal) throw refusal;
}

function storeAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch {
    throw new DemlsError("invalid-address", {
      message: `The node cannot ask a store at ${JSON.stringify(text)}.`,
      field: "stores.addresses",
      remedy:
        "Pass a multiaddr such as /ip4/203.0.113.7/tcp/4001/p2p/16Uiu2…, or /p2p/<id> for a known peer.",
    });
  }
}

function storesNeedWaku(): DemlsError<"stores-need-waku"> {
  return new DemlsError("stores-need-waku", {
    message: "Waku stores keep packets of the framing waku only.",
    field: "stores",
    remedy: 'Pass framing "waku" to all members, or no stores.',
  });
}

function tooManyStores(): DemlsError<"too-many-stores"> {
  return new DemlsError("too-many-stores", {
    message: `A transport asks at most ${MAX_STORES} stores.`,
    field: "stores.addresses",
    remedy: "Pass fewer addresses.",
  });
}

function tooManySubtopics(): DemlsError<"too-many-subtopics"> {
  return new DemlsError("too-many-subtopics", {
    message: `A transport asks stores for at most ${MAX_FURTHER_SUBTOPICS} subtopics besides those of conversations.`,
    field: "stores.subtopics",
    remedy: "Pass fewer subtopics.",
  });
}
