import {
  decodeAppMessage,
  decodeProposal,
  decodeVote,
  decodeWelcomeMessage,
  hexToBytes,
  type Decoded,
} from "@demls/wire";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import { appMessageView, proposalView, welcomeMessageView, type View } from "../src/protocol/views.js";

interface RecordedMessage {
  readonly name: string;
  readonly type: keyof typeof VIEWS;
  readonly hex: string;
  readonly value: View;
}

const VIEWS = {
  AppMessage: (bytes: Uint8Array) => viewOf(decodeAppMessage(bytes), appMessageView),
  WelcomeMessage: (bytes: Uint8Array) => viewOf(decodeWelcomeMessage(bytes), welcomeMessageView),
  "consensus.v1.Proposal": (bytes: Uint8Array) => viewOf(decodeProposal(bytes), proposalView),
  // A vote's view is part of the app message that carries it.
  "consensus.v1.Vote": (bytes: Uint8Array) =>
    viewOf(decodeVote(bytes), (vote) => appMessageView({ kind: "vote", vote })["vote"] as View),
};

function viewOf<T>(decoded: Decoded<T>, view: (value: T) => View): View | undefined {
  return decoded.ok ? view(decoded.value) : undefined;
}

function bytesOf(hex: string): Uint8Array {
  return hexToBytes(hex) as Uint8Array;
}

const { vectors } = loadVectors<{ readonly vectors: readonly RecordedMessage[] }>("01_protobuf.json");

describe("a decoded view", () => {
  test("is recorded for 47 messages of de-mls 3.0.0", () => {
    expect(vectors).toHaveLength(47);
  });

  test.each([...vectors])("of $type, $name, is as recorded", ({ type, hex, value }) => {
    expect(VIEWS[type](bytesOf(hex))).toStrictEqual(value);
  });
});
