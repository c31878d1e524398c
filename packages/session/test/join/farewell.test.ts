import { decodeWithdrawal } from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeWelcomeMessage } from "@demls/wire";
import { hexToBytes, JOIN_SUBTOPIC, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  admitAll,
  admitInvited,
  createUserFrom,
  type AdmissionPolicy,
  type Conversation,
  type JoinAttempt,
  type JoinOptions,
} from "../../src/index.js";
import {
  createScene,
  eventsOf,
  expectMistake,
  until,
  type EntryOptions,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
let policy: AdmissionPolicy;
/** Whether a person misses a packet. */
let isMissed: (person: Person, packet: Packet) => boolean;

beforeEach(() => {
  scene = createScene({ seed: "farewell", fakes: true });
  policy = admitAll;
  isMissed = () => false;
});

afterEach(() => scene.close());

const enter = (name: string): Promise<Person> => enterWith(name, { admission: (request) => policy(request) });

async function enterWith(name: string, options: EntryOptions): Promise<Person> {
  const person = await scene.enter(name, createMemoryStorage(), options);
  const { subscribe } = person.transport;
  person.transport.subscribe = (id, listener) =>
    subscribe(id, (packet) => (isMissed(person, packet) ? undefined : listener(packet)));
  return person;
}

interface Garden {
  readonly people: readonly Person[];
  readonly gardens: readonly Conversation[];
  /** A line of the first member for two guests. */
  readonly line: string;
}

async function gathered(): Promise<Garden> {
  const people = [await enter("alice"), await enter("bob"), await enter("carol")] as const;
  const gardens = await scene.gather("garden", ...people);
  policy = admitInvited;
  const { line } = await gardens[0].createInvitation({ uses: 2 });
  await scene.clock.advance(60_000);
  return { people, gardens, line };
}

const kindOf = ({ payload, subtopic }: Packet): string | undefined => {
  if (subtopic === JOIN_SUBTOPIC && decodeWithdrawal(payload) !== undefined) return "withdrawal";
  const decoded = subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(payload) : undefined;
  return decoded?.ok === true ? decoded.value.kind : undefined;
};

const sentBy = ({ transport }: Pick<Person, "transport">, kind: string): number =>
  transport.attempts.filter(({ packet }) => kindOf(packet) === kind).length;

/** Begins a join that its user can give up. */
function join(
  person: Person,
  line: string,
  options: JoinOptions = {},
): { attempt: JoinAttempt; giveUp(): void } {
  const controller = new AbortController();
  const attempt = person.user.join(line, { signal: controller.signal, ...options });
  attempt.ready.catch(() => undefined);
  return { attempt, giveUp: () => controller.abort() };
}

const isKnown = (
  gardens: readonly Conversation[],
  isIt: (state: Conversation["state"]) => boolean,
): boolean => gardens.every(({ state }) => isIt(state));

const sizes = (gardens: readonly Conversation[]): readonly number[] =>
  gardens.map(({ state }) => state.members.length);

/** Neither a member nor a request is left of a joiner, and it shows nothing. */
function expectNothingLeft({ gardens }: Pick<Garden, "gardens">, joiner: Person): void {
  expect(sizes(gardens)).toEqual([3, 3, 3]);
  for (const { state } of gardens)
    expect([state.pendingUpdates, state.approved, state.openVotes, state.requests]).toEqual([[], [], [], []]);
  expect(joiner.user.conversations.size).toBe(0);
}

/** Stages at which a user gives up: what is so at the members, or what has reached the joiner. */
const STAGES: readonly (readonly [string, (garden: Garden, joiner: Person) => boolean])[] = [
  ["before it asks", () => true],
  ["once it has asked", (_, joiner) => sentBy(joiner, "user_key_package") > 0],
  ["while the members vote", ({ gardens }) => isKnown(gardens, ({ openVotes }) => openVotes.length > 0)],
  ["after its approval", ({ gardens }) => isKnown(gardens, ({ approved }) => approved.length > 0)],
  ["after the commit", ({ gardens }) => gardens.some(({ state }) => state.members.length === 4)],
];

/** A joiner that gives up once it is approved, and whose withdrawals are lost. */
async function givenUpUnheard(): Promise<{ readonly gardens: Garden["gardens"]; readonly dave: Person }> {
  const { gardens, line } = await gathered();
  const dave = await enter("dave");
  isMissed = (_, packet) => kindOf(packet) === "withdrawal";
  const { giveUp } = join(dave, line);
  await until(scene, () => isKnown(gardens, ({ approved }) => approved.length > 0));
  giveUp();
  return { gardens, dave };
}

describe("A user that gives up its join", () => {
  describe.each(STAGES)("%s", (_, isThere) => {
    /** The joiner enters at the welcome, so the welcome and the word that confirms it wait. */
    const lacksWelcome = (person: Person, packet: Packet): boolean =>
      person.name === "dave" && ["invitation_to_join", "group_confirmation"].includes(kindOf(packet) ?? "");

    test("leaves neither a member nor a request", async () => {
      const garden = await gathered();
      const dave = await enter("dave");
      isMissed = lacksWelcome;
      const { attempt, giveUp } = join(dave, garden.line);
      await until(scene, () => isThere(garden, dave));
      giveUp();
      await expect(attempt.ready).rejects.toThrow();
      await scene.settle();
      isMissed = () => false;
      await scene.clock.advance(900_000);
      expectNothingLeft(garden, dave);
    });

    test("leaves none either if its withdrawals are lost", async () => {
      const garden = await gathered();
      const dave = await enter("dave");
      isMissed = (person, packet) => lacksWelcome(person, packet) || kindOf(packet) === "withdrawal";
      const { giveUp } = join(dave, garden.line);
      await until(scene, () => isThere(garden, dave));
      giveUp();
      await scene.settle();
      isMissed = (_person, packet) => kindOf(packet) === "withdrawal";
      await scene.clock.advance(900_000);
      expectNothingLeft(garden, dave);
      // The members are not asked whether it may leave.
      const requests = garden.people.flatMap((each) => eventsOf(each, "voteRequested"));
      expect(requests.filter(({ request }) => request.kind === "remove")).toEqual([]);
    });

    test("can begin anew at once", async () => {
      const garden = await gathered();
      const dave = await enter("dave");
      const { giveUp } = join(dave, garden.line);
      isMissed = lacksWelcome;
      await until(scene, () => isThere(garden, dave));
      giveUp();
      isMissed = () => false;
      const { ready } = dave.user.join(garden.line);
      let isReady = false;
      void ready.then(() => (isReady = true));
      await until(scene, () => isReady);
      expect((await ready).membersLearned).toBe(4);
      await scene.clock.advance(900_000);
      expect(sizes(garden.gardens)).toEqual([4, 4, 4]);
      expect(scene.network.listeners("garden")).toBe(4);
    });
  });

  test("is told so, and of nothing after that", async () => {
    const { gardens, dave } = await givenUpUnheard();
    await until(scene, () => gardens.some(({ state }) => state.members.length === 4));
    await until(scene, () => sizes(gardens).every((size) => size === 3));
    expect(eventsOf(dave, "leaving").map(({ reason }) => reason)).toEqual(["join-cancelled"]);
    expect(dave.events.at(-1)?.kind).toBe("leaving");
    expect(dave.lifecycle.map(({ kind }) => kind)).toEqual(["created", "removed"]);
    await scene.settle();
    expect(scene.network.listeners("garden")).toBe(3);
  });

  test("withdraws three times, since packets get lost", async () => {
    const { gardens, people, line } = await gathered();
    const dave = await enter("dave");
    const { giveUp } = join(dave, line);
    await until(scene, () => isKnown(gardens, ({ approved }) => approved.length > 0));
    isMissed = (_, packet) => kindOf(packet) === "withdrawal" && sentBy(dave, "withdrawal") < 3;
    giveUp();
    await scene.clock.advance(21_000);
    expect(gardens.map(({ state }) => state.approved)).toEqual([[], [], []]);
    await scene.clock.advance(600_000);
    expect(sentBy(dave, "withdrawal")).toBe(3);
    expect(people.map(({ transport }) => sentBy({ transport }, "withdrawal"))).toEqual([0, 0, 0]);
  });

  test("withdraws after a start, and leaves by the welcome that it has missed meanwhile", async () => {
    const { gardens, dave } = await givenUpUnheard();
    await scene.clock.advance(25_000);
    await dave.user.close();
    await until(scene, () => sizes(gardens).every((size) => size === 4));
    await scene.clock.advance(60_000);
    const again = await createUserFrom({ ...dave.options, transport: scene.network.join() });
    expect(again.conversations.size).toBe(0);
    await until(scene, () => sizes(gardens).every((size) => size === 3));
    expect(again.conversations.size).toBe(0);
    await again.close();
  });
});

describe("A join that has run out of time", () => {
  test("is withdrawn at its deadline", async () => {
    const garden = await gathered();
    const { gardens } = garden;
    policy = () => "ask";
    const dave = await enter("dave");
    const { attempt } = join(dave, garden.line, { deadlineMs: 20_000 });
    await scene.clock.advance(19_000);
    expect(gardens.map(({ state }) => state.requests.length)).toEqual([1, 1, 1]);
    await scene.clock.advance(1_100);
    await expectMistake(attempt.ready, "out-of-time");
    expect(eventsOf(dave, "leaving").map(({ reason }) => reason)).toEqual(["join-expired"]);
    expectNothingLeft(garden, dave);
  });

  test("leaves no member that was added meanwhile", async () => {
    const garden = await gathered();
    const dave = await enter("dave");
    isMissed = (_, packet) => kindOf(packet) === "withdrawal";
    const { attempt } = join(dave, garden.line, { deadlineMs: 20_000 });
    await scene.clock.advance(20_100);
    await expectMistake(attempt.ready, "out-of-time");
    await until(scene, () => sizes(garden.gardens).every((size) => size === 4));
    await scene.clock.advance(900_000);
    expectNothingLeft(garden, dave);
  });

  test("is withdrawn again by the next start", async () => {
    const garden = await gathered();
    policy = () => "ask";
    const dave = await enter("dave");
    isMissed = (_, packet) => kindOf(packet) === "withdrawal";
    const { attempt } = join(dave, garden.line, { deadlineMs: 20_000 });
    await scene.clock.advance(20_100);
    await expectMistake(attempt.ready, "out-of-time");
    await dave.user.close();
    expect(garden.gardens.map(({ state }) => state.requests.length)).toEqual([1, 1, 1]);
    isMissed = () => false;
    const again = await createUserFrom({ ...dave.options, transport: scene.network.join() });
    await scene.clock.advance(1_000);
    expect(again.conversations.size).toBe(0);
    await again.close();
    expectNothingLeft(garden, dave);
  });

  test("delays the end of its user by a second at most, if its transport is stuck", async () => {
    const { line } = await gathered();
    policy = () => "ask";
    const dave = await enter("dave");
    const { attempt } = join(dave, line, { deadlineMs: 20_000 });
    await scene.clock.advance(19_000);
    const stuck = (): Promise<never> => new Promise(() => undefined);
    dave.transport.publish = stuck;
    await scene.clock.advance(1_100);
    await expectMistake(attempt.ready, "out-of-time");
    let isClosed = false;
    void dave.user.close().then(() => (isClosed = true));
    await scene.clock.advance(999);
    expect(isClosed).toBe(false);
    await scene.clock.advance(1);
    expect(isClosed).toBe(true);
  });
});

test("A welcome to a stranger's group of the same id is not answered, and the genuine one is", async () => {
  const garden = await gathered();
  const { gardens } = garden;
  const copiedId = gardens[0]?.state.groupId ?? "";
  const mallory = await enterWith("mallory", {
    admission: admitAll,
    mlsRandom: (random) => ({
      ...random,
      bytes: (length) => (length === 16 ? hexToBytes(copiedId)! : random.bytes(length)),
    }),
  });
  const config = { votingDelayMs: 100, commitInactivityMs: 1_000, freezeMs: 100 };
  const copy = await mallory.user.createConversation("garden", { config });
  expect(copy.state.groupId).toBe(copiedId);
  const dave = await enter("dave");
  isMissed = (_, packet) => kindOf(packet) === "withdrawal";
  const { giveUp } = join(dave, garden.line);
  await until(scene, () => sentBy(dave, "user_key_package") > 0);
  giveUp();
  await until(scene, () => copy.state.members.length === 2);
  await until(scene, () => sizes(gardens).every((size) => size === 4));
  await until(scene, () => sizes(gardens).every((size) => size === 3));
  expect(copy.state.members).toHaveLength(2);
  await scene.clock.advance(900_000);
  expect(copy.state.members).toHaveLength(2);
  expect(sizes(gardens)).toEqual([3, 3, 3]);
  expect(dave.user.conversations.size).toBe(0);
});
