import { decodeAppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { admitInvited, type Conversation } from "../../src/index.js";
import { createScene, eventsOf, until, type Person, type Scene } from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave"] as const;

let scene: Scene;
let people: readonly Person[];
let gardens: readonly Conversation[];
/** Whether a person misses a packet. */
let isMissed: (person: Person, packet: Packet) => boolean;
/** Candidates that all have missed. */
let candidates: readonly Packet[];

const isCandidate = ({ subtopic, payload }: Packet): boolean => {
  const decoded = subtopic === APP_MSG_SUBTOPIC ? decodeAppMessage(payload) : undefined;
  return decoded?.ok === true && decoded.value.kind === "commit_candidate";
};

const has = ({ id }: Person): readonly boolean[] =>
  gardens.map(({ state }) => state.members.some((member) => member.id === id));

const lowestScore = (): number =>
  Math.min(...gardens.flatMap(({ state }) => state.members.map(({ score }) => Number(score))));

beforeEach(async () => {
  scene = createScene({ seed: "revoked", fakes: true });
  isMissed = () => false;
  const entered: Person[] = [];
  for (const name of NAMES) entered.push(await scene.enter(name, undefined, { admission: admitInvited }));
  for (const person of entered) {
    const { subscribe } = person.transport;
    person.transport.subscribe = (id, listener) =>
      subscribe(id, (packet) => (isMissed(person, packet) ? undefined : listener(packet)));
  }
  people = entered;
});

afterEach(() => scene.close());

/** Two additions by lines of `inviter` are approved, and each member has its own candidate alone. */
async function freezeWithTwo(
  inviter: number,
): Promise<{ readonly guests: readonly [Person, Person]; revoke(): Promise<void> }> {
  const founded = await people[0]!.user.createConversation("garden", { config: { probationMs: 0 } });
  const { line } = await founded.createInvitation({ uses: NAMES.length });
  const joined: Conversation[] = [];
  for (const { user } of people.slice(1)) joined.push(await user.join(line).conversation);
  gardens = [founded, ...joined];
  await until(scene, () => gardens.every(({ state }) => state.members.length === NAMES.length));
  await scene.clock.advance(120_000);
  const host = gardens[inviter]!;
  const [first, second] = [await host.createInvitation(), await host.createInvitation()];
  const guests = [await scene.enter("erin"), await scene.enter("frank")] as const;
  await guests[0].user.join(first.line).conversation;
  await guests[1].user.join(second.line).conversation;
  await until(scene, () => gardens.every(({ state }) => state.approved.length === 2));
  candidates = [];
  isMissed = (_, packet) => {
    if (!isCandidate(packet)) return false;
    candidates = [...candidates, packet];
    return true;
  };
  await until(scene, () => gardens.every(({ state }) => state.phase !== "working"));
  isMissed = () => false;
  return { guests, revoke: () => host.revokeInvitation(first.invitation.id) };
}

describe("An invitation that is revoked during a freeze", () => {
  test.each([0, 2])(
    "by member %i lets nobody in, and the commit of the other changes goes on",
    async (inviter) => {
      const { guests, revoke } = await freezeWithTwo(inviter);
      const before = eventsOf(people[0]!, "phaseChanged").length;
      await revoke();
      await until(scene, () => has(guests[1]).every(Boolean));
      const phases = eventsOf(people[0]!, "phaseChanged")
        .slice(before)
        .map(({ phase }) => phase);
      expect(phases).not.toContain("reelection");
      await scene.clock.advance(600_000);
      expect(has(guests[0])).toEqual(NAMES.map(() => false));
      expect(lowestScore()).toBe(100);
    },
  );

  test("costs the steward nothing whose turn it is, and which hears of it too late", async () => {
    const { guests, revoke } = await freezeWithTwo(0);
    const steward = gardens[0]?.state.members.find(({ role }) => role === "epoch-steward");
    const late = people.findIndex(({ id }) => id === steward?.id);
    const person = people[late];
    expect(late).toBeGreaterThan(0);
    isMissed = (by) => by === person;
    await revoke();
    await scene.settle();
    isMissed = (by, packet) => by === person && !isCandidate(packet);
    // Its candidate, which it has made before, reaches the others.
    for (const packet of candidates) scene.network.inject(packet);
    await until(scene, () =>
      gardens.every((garden, at) => at === late || garden.state.members.length === NAMES.length + 1),
    );
    isMissed = () => false;
    await scene.clock.advance(1_200_000);
    // A further commit would tell that a steward was missed.
    const [garden] = gardens;
    const { epoch = 0n } = garden?.state ?? {};
    void garden?.renewKeys();
    await until(scene, () => gardens.every(({ state }) => (state.epoch ?? 0n) > epoch));
    expect(has(guests[0])).toEqual(NAMES.map(() => false));
    expect(has(guests[1])).toEqual(NAMES.map(() => true));
    expect(lowestScore()).toBe(100);
  });
});
