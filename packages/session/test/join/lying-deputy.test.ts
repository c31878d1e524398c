import { openConfirmation, readRedemption, signConfirmation } from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeWelcomeMessage, encodeWelcomeMessage, type WelcomeMessage } from "@demls/wire";
import { hexToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { admitAll, admitInvited, type AdmissionPolicy } from "../../src/index.js";
import { headOf } from "../../src/join/readiness.js";
import { createScene, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene;
let policy: AdmissionPolicy;

beforeEach(() => {
  scene = createScene({ seed: "lying deputy", fakes: true });
  policy = admitAll;
});

afterEach(() => scene.close());

const enter = (name: string): Promise<Person> =>
  scene.enter(name, createMemoryStorage(), { admission: (request) => policy(request) });

function welcomeMessageIn({ payload, subtopic }: Packet): WelcomeMessage | undefined {
  const decoded = subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(payload) : undefined;
  return decoded?.ok === true ? decoded.value : undefined;
}

/** Has a person hear some packets only. */
function hears(person: Person, isHeard: (packet: Packet) => boolean): void {
  const { subscribe } = person.transport;
  person.transport.subscribe = (id, listener) =>
    subscribe(id, (packet) => (isHeard(packet) ? listener(packet) : undefined));
}

/** The first packet of a person with a message of this kind, and the message. */
function sentBy<Kind extends WelcomeMessage["kind"]>(
  { transport }: Person,
  kind: Kind,
): { readonly packet: Packet; readonly message: Extract<WelcomeMessage, { kind: Kind }> } {
  for (const { packet } of transport.attempts) {
    const message = welcomeMessageIn(packet);
    if (message?.kind === kind)
      return { packet, message: message as Extract<WelcomeMessage, { kind: Kind }> };
  }
  throw new Error(`Nothing of the kind ${kind} was sent.`);
}

test("A deputy that contradicts the inviter takes no guest into a group of its own", async () => {
  const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
  // The inviter's confirmation does not arrive at its deputies, so that they confirm too.
  for (const deputy of [alice, carol])
    hears(deputy, (packet) => welcomeMessageIn(packet)?.kind !== "group_confirmation");
  const gardens = await scene.gather("garden", alice, bob, carol);
  policy = admitInvited;
  const { line, invitation } = await gardens[1].createInvitation();
  await scene.clock.advance(60_000);

  const id = hexToBytes(gardens[0].state.groupId ?? "") ?? new Uint8Array();
  const mallory = await scene.enter("mallory", undefined, {
    admission: admitAll,
    mlsRandom: (random) => ({
      ...random,
      bytes: (length) => (length === id.length ? id : random.bytes(length)),
    }),
  });
  const copy = await mallory.user.createConversation("garden", {
    config: { votingDelayMs: 100, commitInactivityMs: 1_000, freezeMs: 100 },
  });
  expect(copy.state.groupId).toBe(gardens[0].state.groupId);

  const dave = await enter("dave");
  let isOpen = false;
  hears(dave, (packet) => isOpen || welcomeMessageIn(packet) === undefined);
  const garden = await dave.user.join(line).conversation;
  await until(scene, () => copy.state.members.length === 2);
  await until(scene, () => gardens.every(({ state }) => state.members.length === 4));
  await scene.clock.advance(30_000);

  // Alice is a deputy, and confirms the group of a stranger besides.
  const { redemption = new Uint8Array(), keyPackageBytes } = sentBy(dave, "user_key_package").message;
  const asked = readRedemption(redemption, keyPackageBytes);
  if (!asked.ok) throw new Error(asked.reason);
  const opened = await openConfirmation(sentBy(alice, "group_confirmation").message.confirmation, {
    ...{ inviter: invitation.inviter, groupId: invitation.groupId ?? "", nonce: asked.nonce },
    ...{ nowSeconds: Math.floor(scene.clock.wallMs() / 1_000), toleranceSeconds: 60 },
    verifier: alice.options.plugins.verifier,
    verify: (...signed) => alice.mls.verify(...signed),
  });
  if (!opened.ok) throw new Error(opened.reason);
  const { epoch = 0n, epochAuthenticator = "" } = copy.state;
  const head = headOf({ epochAuthenticator: hexToBytes(epochAuthenticator) ?? new Uint8Array() });
  const own = await alice.mls.createGroup("own");
  const confirmation = await signConfirmation({ ...opened.confirmation, epoch, head }, (label, content) =>
    alice.mls.sign(own, label, content),
  );
  const lie = encodeWelcomeMessage({ kind: "group_confirmation", confirmation });

  isOpen = true;
  const packets = [
    sentBy(bob, "group_confirmation").packet,
    { ...sentBy(alice, "group_confirmation").packet, payload: lie },
    sentBy(mallory, "invitation_to_join").packet,
  ];
  for (const packet of packets) {
    scene.network.inject(packet);
    await scene.settle();
  }
  expect(garden.state.phase).toBe("pending-join");
  expect(garden.state.members).toEqual([]);
  await until(scene, () => garden.state.phase === "working");
  expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
});
