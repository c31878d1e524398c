import { decodeWithdrawal, WITHDRAWAL_LABEL } from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeAppMessage, decodeWelcomeMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  hexToBytes,
  JOIN_SUBTOPIC,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
} from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation } from "../../src/index.js";
import { LIMITS } from "../../src/model/limits.js";
import type { WithdrawnKeyPackage } from "../../src/model/refusals.js";
import {
  command,
  createScene,
  eventsOf,
  gatherInEachMode,
  join,
  required,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
/** Whether a person misses a packet. */
let isMissed: (person: Person, packet: Packet) => boolean;

beforeEach(() => {
  scene = createScene({ seed: "withdrawn", fakes: true });
  isMissed = () => false;
});

afterEach(() => scene.close());

interface Garden {
  readonly people: readonly [Person, Person, Person];
  readonly gardens: readonly [Conversation, Conversation, Conversation];
}

/** Three members that let everybody in. */
async function gathered(): Promise<Garden> {
  const people = [
    await scene.enter("alice", createMemoryStorage()),
    await scene.enter("bob"),
    await scene.enter("carol"),
  ] as const;
  for (const person of people) {
    const { subscribe } = person.transport;
    person.transport.subscribe = (id, listener) =>
      subscribe(id, (packet) => (isMissed(person, packet) ? undefined : listener(packet)));
  }
  const gardens = await scene.gather("garden", ...people);
  await scene.clock.advance(60_000);
  return { people, gardens };
}

/** A guest of the first member that joins, and the function by which its user gives up. */
async function guest(
  { gardens }: Garden,
  name: string,
): Promise<{ readonly person: Person; giveUp(): void }> {
  const { line } = await gardens[0].createInvitation();
  const person = await scene.enter(name);
  const controller = new AbortController();
  const attempt = person.user.join(line, { signal: controller.signal });
  attempt.ready.catch(() => undefined);
  return { person, giveUp: () => controller.abort() };
}

const isApproved = (gardens: readonly Conversation[], { id }: Person): boolean =>
  gardens.every(({ state }) =>
    state.approved.some(({ request }) => request.kind === "add" && request.member === id),
  );

const hasMember = (gardens: readonly Conversation[], { id }: Person): readonly boolean[] =>
  gardens.map(({ state }) => state.members.some((member) => member.id === id));

const scoresAt = (gardens: readonly Conversation[]): readonly (readonly unknown[])[] =>
  gardens.map(({ state }) => state.members.map(({ id, score }) => [id, score]));

const isWithdrawal = ({ subtopic, payload }: Packet): boolean =>
  subtopic === JOIN_SUBTOPIC && decodeWithdrawal(payload) !== undefined;

const isCandidate = ({ subtopic, payload }: Packet): boolean => {
  const decoded = subtopic === APP_MSG_SUBTOPIC ? decodeAppMessage(payload) : undefined;
  return decoded?.ok === true && decoded.value.kind === "commit_candidate";
};

const droppedAt = ({ events }: Person): number =>
  events.filter((event) => event.kind === "error" && event.code === "change-dropped").length;

/** The packet by which a joiner has announced itself. */
function announcementOf({ transport }: Person): Packet {
  const packets = transport.attempts.map(({ packet }) => packet);
  const found = packets.find(({ subtopic, payload }) => {
    const decoded = subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(payload) : undefined;
    return decoded?.ok === true && decoded.value.kind === "user_key_package";
  });
  if (found === undefined) throw new Error("It has not announced itself.");
  return found;
}

const phasesAt = (gardens: readonly Conversation[]): ReadonlySet<string> =>
  new Set(gardens.map(({ state }) => state.phase));

describe("A joiner that gives up", () => {
  test("while it is voted on is voted down at once", async () => {
    const garden = await gathered();
    const { person, giveUp } = await guest(garden, "dave");
    const { gardens, people } = garden;
    await until(scene, () => gardens.every(({ state }) => state.openVotes.length === 1));
    const decisions = (): number => people.flatMap((each) => eventsOf(each, "proposalDecided")).length;
    const before = decisions();
    giveUp();
    await scene.settle();
    await scene.clock.advance(10);
    expect(decisions() - before).toBe(3);
    expect(gardens.map(({ state }) => [state.openVotes.length, state.approved.length])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    await scene.clock.advance(600_000);
    expect(hasMember(gardens, person)).toEqual([false, false, false]);
  });

  test("after its approval is not added, nor by its announcement later, and no steward pays", async () => {
    const garden = await gathered();
    const { person, giveUp } = await guest(garden, "dave");
    const { gardens, people } = garden;
    const scores = scoresAt(gardens);
    await until(scene, () => isApproved(gardens, person));
    giveUp();
    await scene.settle();
    expect(people.map(droppedAt)).toEqual([1, 1, 1]);
    expect(gardens.map(({ state }) => state.approved)).toEqual([[], [], []]);
    await scene.clock.advance(120_000);
    // The members remember it, also after a start.
    const [alice] = people;
    await alice.user.close();
    const again = await createUserFrom({ ...alice.options, transport: scene.network.join() });
    await scene.clock.advance(60_000);
    scene.network.inject({ ...announcementOf(person), appId: new Uint8Array(16) });
    await scene.settle();
    const { inbound } = garden.people[1];
    expect(inbound.at(-1)?.outcome).toMatchObject({ kind: "ignored", reason: "refused-joiner" });
    await scene.clock.advance(600_000);
    const all = [again.conversation("garden"), ...gardens.slice(1)];
    expect(hasMember(all, person)).toEqual([false, false, false]);
    expect(all.map(({ state }) => state.pendingUpdates)).toEqual([[], [], []]);
    expect(scoresAt(all)).toEqual(scores);
    await again.close();
  });

  test("during the freeze is left out of the commit, which adds the others", async () => {
    const garden = await gathered();
    const { gardens } = garden;
    const [dave, erin] = [await guest(garden, "dave"), await guest(garden, "erin")];
    await until(scene, () => [dave, erin].every(({ person }) => isApproved(gardens, person)));
    // Each has its own candidate alone, before it hears of the withdrawal.
    let withdrawal: Packet | undefined;
    isMissed = (_, packet) => {
      if (isWithdrawal(packet)) withdrawal = packet;
      return isWithdrawal(packet) || isCandidate(packet);
    };
    dave.giveUp();
    await until(scene, () => gardens.every(({ state }) => state.phase !== "working"));
    isMissed = () => false;
    scene.network.inject(withdrawal!);
    await until(scene, () => hasMember(gardens, erin.person).every(Boolean));
    expect(eventsOf(garden.people[0], "phaseChanged").map(({ phase }) => phase)).not.toContain("reelection");
    await scene.clock.advance(600_000);
    expect(hasMember(gardens, dave.person)).toEqual([false, false, false]);
    const members = garden.people.map(({ id }) => id);
    for (const { state } of gardens)
      expect(state.members.every(({ id, score }) => !members.includes(id) || Number(score) >= 100)).toBe(
        true,
      );
  });
});

describe("A withdrawal that one member alone hears of", () => {
  test.each([0, 1, 2])("is told to the others by member %i, and no steward pays", async (who) => {
    const garden = await gathered();
    const { person, giveUp } = await guest(garden, "dave");
    const { gardens, people } = garden;
    await until(scene, () => isApproved(gardens, person));
    const scores = scoresAt(gardens);
    const knows = people[who];
    isMissed = (by, packet) => isWithdrawal(packet) && by !== knows;
    giveUp();
    await scene.settle();
    isMissed = () => false;
    expect(gardens.map(({ state }) => state.approved.length === 0)).toEqual(
      people.map((each) => each === knows),
    );
    await scene.clock.advance(600_000);
    expect(hasMember(gardens, person)).toEqual([false, false, false]);
    expect(people.map(droppedAt)).toEqual([1, 1, 1]);
    expect(phasesAt(gardens)).toEqual(new Set(["working"]));
    expect(scoresAt(gardens)).toEqual(scores);
    const sent = people
      .flatMap(({ transport }) => transport.attempts)
      .filter((each) => isWithdrawal(each.packet));
    expect(sent.length).toBeLessThanOrEqual(people.length);
  });

  test("after the others have chosen changes nothing: all merge the same commit", async () => {
    const garden = await gathered();
    const { person, giveUp } = await guest(garden, "dave");
    const { gardens, people } = garden;
    await until(scene, () => isApproved(gardens, person));
    isMissed = (by, packet) => isWithdrawal(packet) && by !== people[2];
    giveUp();
    await until(scene, () => hasMember(gardens, person).every(Boolean));
    const heads = gardens.map(({ state }) => state.epochAuthenticator);
    expect(new Set(heads).size).toBe(1);
  });
});

test("The oldest withdrawal of the joiner with the most is forgotten for one more, and those that have expired", async () => {
  const inMode = await gatherInEachMode(["alice", "bob"], { fakes: true });
  const { world, members } = await inMode("strict");
  const alice = required(members[0]);
  const joiner = await join(world, "dave");
  await until(world, () =>
    eventsOf(alice, "voteRequested").some(
      ({ request }) => request.kind === "add" && request.member === joiner.id,
    ),
  );
  const entry = (member: string, notAfterSeconds: bigint): WithdrawnKeyPackage => ({
    ...{ member: member as MemberId, notAfterSeconds, signature: new Uint8Array(64), isRelayed: false },
  });
  const end = 10n ** 12n;
  const expired: (readonly [string, WithdrawnKeyPackage])[] = [["expired", entry("erin", -1n)]];
  const known = Array.from({ length: LIMITS.withdrawnKeyPackages }, (_, index) =>
    index % 4 === 0
      ? ([`erin ${index}`, entry("erin", end)] as const)
      : ([`frank ${index}`, entry("frank", end)] as const),
  );
  alice.state = {
    ...alice.state,
    refusals: { ...alice.state.refusals, withdrawn: new Map([...expired, ...known]) },
  };
  const [keyPackage] = joiner.keyPackages;
  const reference = keyPackage?.reference ?? "";
  const signature = await joiner.plugins.mls.sign(undefined, WITHDRAWAL_LABEL, hexToBytes(reference)!);
  await command(world, alice, { kind: "withdrawJoiner", member: joiner.id, reference, signature });
  const kept = known.map(([each]) => each).filter((each) => each !== "frank 1");
  expect([...alice.state.refusals.withdrawn.keys()]).toEqual([...kept, reference]);
});
