import {
  APP_MSG_SUBTOPIC,
  bytesToHex,
  CONVERSATION_VERSION,
  WELCOME_SUBTOPIC,
  type Packet,
} from "@demls/wire/core";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it, test } from "vitest";
import { deviationsOf, loadVectors } from "../../../vectors/load.js";
import { WAKU_PUBSUB_TOPIC, wakuMessageFromJson, wakuMessageToJson } from "../src/index.js";
import { DEFAULT_PUBLISH_TIMEOUT_MS } from "../src/gossipsub-transport.js";
import { Subscriptions } from "../src/subscriptions.js";
import { createWakuFraming } from "../src/waku-framing.js";
import { encodeWakuMessage } from "../src/waku-message.js";
import { contentTopicOf, packetOfWakuMessage, wakuMessageOf } from "../src/waku-packet.js";

const FILE = "09_waku.json";

interface NodeConfig {
  readonly clusterId: number;
  readonly shards: readonly number[];
  readonly relay: boolean;
}

const vectors = loadVectors<{
  readonly content_topics: readonly {
    readonly conversation: string;
    readonly app_msg: string;
    readonly topics: readonly string[];
  }[];
  readonly conversation_version: string;
  readonly default_config: object;
  readonly enr: object;
  readonly how: string;
  readonly inbound_events: readonly {
    readonly name: string;
    readonly event: { readonly wakuMessage?: unknown };
    readonly packet: {
      readonly app_id: string;
      readonly conversation_id: string;
      readonly payload: string;
      readonly subtopic: string;
      readonly timestamp: string;
    } | null;
  }[];
  readonly node_config_default: NodeConfig;
  readonly node_config_discv5: NodeConfig;
  readonly published: readonly {
    readonly app_id: string;
    readonly conversation_id: string;
    readonly message: Readonly<Record<string, unknown>>;
    readonly payload: string;
    readonly pubsub_topic: string;
    readonly result: string;
    readonly subtopic: string;
    readonly timeout_ms: number;
    readonly timestamp_digits: number;
  }[];
  readonly pubsub_topic: string;
  readonly subscribed: string;
  readonly subtopics: readonly string[];
  readonly topic_filter: Readonly<Record<string, boolean>>;
}>(FILE);

const deviations = deviationsOf(FILE);
const framing = createWakuFraming();

/** Paths to cases of a list that are deliberately decided otherwise than recorded. */
function deviating(list: string): readonly string[] {
  return [...deviations.keys()].filter((path) => path.startsWith(list));
}

function packet(conversationId: string, subtopic: string): Packet {
  return { conversationId, subtopic, payload: Uint8Array.of(1), appId: Uint8Array.of(2) };
}

describe("the recorded Waku framing", () => {
  it("was recorded at the border to libwaku", () => expect(vectors.how).toContain("libwaku"));

  it("has the pubsub topic of every conversation", () => {
    expect(WAKU_PUBSUB_TOPIC).toBe(vectors.pubsub_topic);
    expect(framing.topicOf("room")).toBe(vectors.subscribed);
  });

  it("has the two subtopics and the version of the wire's constants", () => {
    expect(vectors.subtopics).toEqual([APP_MSG_SUBTOPIC, WELCOME_SUBTOPIC]);
    expect(vectors.conversation_version).toBe(CONVERSATION_VERSION);
  });
});

describe("content topics", () => {
  it("were recorded of five conversations", () => expect(vectors.content_topics).toHaveLength(5));

  test.each(vectors.content_topics)(
    "of $conversation are as recorded",
    ({ conversation, app_msg, topics }) => {
      const own = vectors.subtopics.map((subtopic) =>
        contentTopicOf({ conversationId: conversation, subtopic }),
      );
      expect(own).toEqual(topics);
      expect(own[0]).toBe(app_msg);
    },
  );

  it("are rejected for ambiguous names only", () => {
    const refused = vectors.content_topics.flatMap(({ conversation }, i) =>
      framing.refusal(conversation) ? [`content_topics[${i}]`] : [],
    );
    expect(refused).toEqual(deviating("content_topics"));
  });
});

describe("inbound messages in libwaku's JSON", () => {
  it("were recorded in fifteen forms", () => expect(vectors.inbound_events).toHaveLength(15));

  test.each(vectors.inbound_events)("are decoded as recorded: $name", ({ event, packet: recorded }) => {
    const message = wakuMessageFromJson(event.wakuMessage);
    const read = message && packetOfWakuMessage(message);
    const found = message &&
      read && {
        app_id: bytesToHex(read.appId),
        conversation_id: read.conversationId,
        payload: bytesToHex(read.payload),
        subtopic: read.subtopic,
        timestamp: String(message.timestamp),
      };
    expect(found ?? null).toEqual(recorded);
  });

  test.each(vectors.inbound_events)(
    "arrive by the relay as the same packet: $name",
    ({ event, packet: recorded }) => {
      const message = wakuMessageFromJson(event.wakuMessage);
      const relayed = message && framing.decode(encodeWakuMessage(message), ["room", "a"]);
      const expected = recorded && {
        packet: {
          conversationId: recorded.conversation_id,
          subtopic: recorded.subtopic,
          payload: hexToBytes(recorded.payload),
          appId: hexToBytes(recorded.app_id),
        },
        timestamp: BigInt(recorded.timestamp),
      };
      expect(relayed ?? "none").toEqual(expected ?? (message ? "other" : "none"));
    },
  );
});

describe("published messages", () => {
  it("were recorded of three packets", () => expect(vectors.published).toHaveLength(3));

  test.each(vectors.published)("have the recorded JSON: of $conversation_id, $subtopic", (recorded) => {
    const sent: Packet = {
      conversationId: recorded.conversation_id,
      subtopic: recorded.subtopic,
      payload: hexToBytes(recorded.payload),
      appId: hexToBytes(recorded.app_id),
    };
    const timestamp = 1_700_000_000_123_456_789n;
    const json = wakuMessageToJson(wakuMessageOf(sent, timestamp));
    const { timestamp: _placeholder, ...rest } = recorded.message;
    expect(JSON.parse(json)).toEqual({ ...rest, timestamp: Number(timestamp) });
    expect(json).toContain(`"timestamp":${timestamp},`);
    expect(String(timestamp)).toHaveLength(recorded.timestamp_digits);
  });

  test.each(vectors.published)(
    "go to the recorded topic, within the same time: of $conversation_id",
    (recorded) => {
      expect(framing.topicOf(recorded.conversation_id)).toBe(recorded.pubsub_topic);
      expect(DEFAULT_PUBLISH_TIMEOUT_MS).toBe(recorded.timeout_ms);
    },
  );

  it("are accepted if recorded as accepted, except for ambiguous names", () => {
    const refused = vectors.published.flatMap(({ conversation_id, subtopic, result }, i) => {
      const outcome = framing.refusal(conversation_id, subtopic) ? "refused" : "Ok(())";
      return outcome === result ? [] : [`published[${i}]`];
    });
    expect(refused).toEqual(deviating("published"));
  });
});

describe("the recorded topic filter", () => {
  it("accepts the packets delivered to a subscription of the room, except those of other protocols' subtopics", async () => {
    const delivered: Record<string, boolean> = {};
    for (const name of Object.keys(vectors.topic_filter)) {
      const subscriptions = new Subscriptions(() => "topic");
      delivered[name] = false;
      subscriptions.add("room", () => (delivered[name] = true));
      const [conversationId = "", subtopic = ""] = name.split("/");
      subscriptions.deliver(packet(conversationId, subtopic));
      await Promise.resolve();
    }
    const differing = Object.entries(vectors.topic_filter)
      .filter(([name, passes]) => delivered[name] !== passes)
      .map(([name]) => `topic_filter.${name}`);
    expect(differing).toEqual(deviating("topic_filter"));
  });
});

describe("the recorded settings of libwaku nodes", () => {
  test.each(["node_config_default", "node_config_discv5"] as const)(
    "%s relay the topic of our framing",
    (key) => {
      const { clusterId, shards, relay } = vectors[key];
      expect(shards.map((shard) => `/waku/2/rs/${clusterId}/${shard}`)).toEqual([WAKU_PUBSUB_TOPIC]);
      expect(relay).toBe(true);
    },
  );

  it("otherwise belong to the libwaku inside 3.0.0, which no test starts", () => {
    const settings = ["default_config", "enr", "node_config_default", "node_config_discv5"] as const;
    expect(settings.filter((key) => deviations.has(key) && Object.keys(vectors[key]).length > 0)).toEqual(
      settings,
    );
  });
});
