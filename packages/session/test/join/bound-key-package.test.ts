import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { hexToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Conversation } from "../../src/index.js";
import { createScene, expectMistake, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene;
let alice: Person;
let dave: Person;
let garden: Conversation;
let meadow: Conversation;

beforeEach(async () => {
  scene = createScene({ seed: "bound key packages", fakes: true });
  [alice, dave] = [await scene.enter("alice"), await scene.enter("dave")];
  [garden, meadow] = [
    await alice.user.createConversation("garden"),
    await alice.user.createConversation("meadow"),
  ];
});

afterEach(() => scene.close());

/** The key package that dave announces, so that only a listener hears it. */
async function announced(groupId?: string): Promise<Uint8Array> {
  dave.transport.mood = "refusing";
  await dave.user.join({ name: "meadow", groupId }).conversation;
  await until(scene, () => dave.transport.attempts.length > 0);
  const decoded = decodeWelcomeMessage(dave.transport.attempts[0]?.packet.payload ?? new Uint8Array());
  if (!decoded.ok || decoded.value.kind !== "user_key_package") throw new Error("unreachable");
  return decoded.value.keyPackageBytes;
}

/** A listener's announcement of a key package of dave. */
const listeners = (conversation: Conversation, keyPackageBytes: Uint8Array): Packet => ({
  payload: encodeWelcomeMessage({
    ...{ kind: "user_key_package", keyPackageBytes },
    groupId: hexToBytes(conversation.state.groupId ?? "") ?? new Uint8Array(),
  }),
  subtopic: WELCOME_SUBTOPIC,
  ...{ conversationId: conversation.name, appId: new Uint8Array(16) },
});

const membersAfter = async (conversation: Conversation, keyPackage: Uint8Array): Promise<number> => {
  scene.network.inject(listeners(conversation, keyPackage));
  await scene.clock.advance(120_000);
  return conversation.state.members.length;
};

test("A key package that is announced for one conversation adds nobody to another", async () => {
  const keyPackage = await announced();
  expect(await membersAfter(garden, keyPackage)).toBe(1);
  expect(garden.state.pendingUpdates).toEqual([]);
  await expectMistake(garden.proposeAdd(keyPackage).accepted, "invalid-key-package", "keyPackage");
  expect(await membersAfter(meadow, keyPackage)).toBe(2);
});

test("A key package that is announced for one group adds nobody to another of its name", async () => {
  expect(await membersAfter(meadow, await announced("00".repeat(16)))).toBe(1);
});

test("A key package that names its group adds its owner there, and one for no group anywhere", async () => {
  expect(await membersAfter(meadow, await announced(meadow.state.groupId))).toBe(2);
  const erin = await scene.enter("erin");
  const bound = await erin.user.generateKeyPackage({ name: "meadow" });
  await expectMistake(garden.proposeAdd(bound).accepted, "invalid-key-package", "keyPackage");
  void garden.proposeAdd(await erin.user.generateKeyPackage());
  await until(scene, () => garden.state.members.length === 2);
  await expectMistake(erin.user.generateKeyPackage({ name: "" }), "invalid-conversation-name", "name");
  await expectMistake(
    erin.user.generateKeyPackage({ name: "meadow", groupId: "x" }),
    "invalid-group-id",
    "groupId",
  );
});
