import { decodeWithdrawal } from "@demls/join";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { JOIN_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation } from "../../src/index.js";
import { createScene, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene;

/** Ends all processes. A dead one waits a while for its transport. */
async function end(): Promise<void> {
  const closed = scene.close();
  await scene.clock.advance(60_000);
  await closed;
}

afterEach(end);

const isWithdrawal = ({ subtopic, payload }: Packet): boolean =>
  subtopic === JOIN_SUBTOPIC && decodeWithdrawal(payload) !== undefined;

/** A storage that dies with its process at a write, which it does not carry out any more. */
interface MortalStorage extends MemoryStorage {
  /** Dies at the `cut`th write from now on. */
  dieAt(cut: number): void;
  readonly isDead: () => boolean;
}

function mortalStorage(): MortalStorage {
  const storage = createMemoryStorage();
  let left = Infinity;
  return {
    ...storage,
    write(batch) {
      left -= 1;
      return left > 0 ? storage.write(batch) : Promise.reject(new Error("The process is dead."));
    },
    dieAt: (cut) => (left = cut),
    isDead: () => left <= 0,
  };
}

interface Life {
  readonly gardens: readonly Conversation[];
  readonly dave: Person;
  readonly line: string;
  readonly storage: MortalStorage;
  join(): { giveUp(): void };
}

/** Three members, which miss all withdrawals, and a guest that joins. */
async function begun(): Promise<Life> {
  scene = createScene({ seed: "crashes of farewells", fakes: true });
  const members: Person[] = [];
  for (const name of ["alice", "bob", "carol"]) {
    const member = await scene.enter(name);
    const { subscribe } = member.transport;
    member.transport.subscribe = (id, listener) =>
      subscribe(id, (packet) => (isWithdrawal(packet) ? undefined : listener(packet)));
    members.push(member);
  }
  const gardens = await scene.gather("garden", ...(members as [Person, Person, Person]));
  const { line } = await gardens[0].createInvitation({ uses: 2 });
  await scene.clock.advance(60_000);
  const storage = mortalStorage();
  const dave = await scene.enter("dave", storage);
  const { subscribe, publish } = dave.transport;
  dave.transport.subscribe = (id, listener) =>
    subscribe(id, (packet) => (storage.isDead() ? undefined : listener(packet)));
  dave.transport.publish = (packet) => (storage.isDead() ? new Promise(() => undefined) : publish(packet));
  function join(): { giveUp(): void } {
    const controller = new AbortController();
    const attempt = dave.user.join(line, { signal: controller.signal });
    for (const each of [attempt.conversation, attempt.ready]) each.catch(() => undefined);
    return { giveUp: () => controller.abort() };
  }
  return { gardens, dave, line, storage, join };
}

/** Starts the process of a guest again, and expects that it is a member exactly if it knows so. */
async function expectNoGhost({ gardens, dave, storage }: Life): Promise<void> {
  await scene.settle();
  const kept = createMemoryStorage({ records: storage.records() });
  const again = await createUserFrom({
    ...dave.options,
    transport: scene.network.join(),
    storage: kept,
  });
  await scene.clock.advance(420_000);
  const isMember = again.conversations.get("garden")?.state.phase === "working";
  for (const { state } of gardens) expect(state.members.some(({ id }) => id === dave.id)).toBe(isMember);
  for (const { state } of gardens) expect([state.openVotes, state.approved]).toEqual([[], []]);
  await again.close();
}

/** Lives through a story with a crash at each write from the moment on at which it calls `arm`. */
async function atEachCut(story: (life: Life, arm: () => void) => Promise<void>): Promise<number> {
  for (let cut = 1; ; cut += 1) {
    const life = await begun();
    await story(life, () => life.storage.dieAt(cut));
    const isOver = !life.storage.isDead();
    await expectNoGhost(life);
    if (isOver) return cut - 1;
    await end();
  }
}

const isApproved = ({ gardens }: Life): boolean => gardens.every(({ state }) => state.approved.length > 0);

describe("A guest that crashes at any write leaves no member behind", () => {
  test("as it gives up", async () => {
    const cuts = await atEachCut(async (life, arm) => {
      const { giveUp } = life.join();
      await until(scene, () => isApproved(life));
      arm();
      giveUp();
      await scene.clock.advance(1_000);
    });
    expect(cuts).toBeGreaterThan(2);
  });

  test("as it gives up and tries again at once", async () => {
    const cuts = await atEachCut(async (life, arm) => {
      const { giveUp } = life.join();
      await until(scene, () => isApproved(life));
      arm();
      giveUp();
      life.join();
      await scene.clock.advance(1_000);
    });
    expect(cuts).toBeGreaterThan(4);
  });

  test("as it tries again after its farewell has begun", async () => {
    const cuts = await atEachCut(async (life, arm) => {
      const { giveUp } = life.join();
      await until(scene, () => isApproved(life));
      giveUp();
      await scene.clock.advance(1_000);
      arm();
      life.join();
      await scene.clock.advance(1_000);
    });
    expect(cuts).toBeGreaterThan(1);
  });
});
