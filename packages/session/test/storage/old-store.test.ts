import { createGenerationLedger } from "@demls/testkit";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { afterEach, describe, expect, test } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import {
  advance,
  enter,
  gather,
  openScene,
  settle,
  until,
  watch,
  type MoodyTransport,
  type Person,
  type Scene,
} from "../harness/index.js";

/** More own messages than a member skips generations. */
const LOST = 500;

const HOUR_MS = 3_600_000;

const open: User[] = [];

afterEach(async () => {
  for (const user of open.splice(0)) await user.close();
});

/** A process that continues a person's user from a storage. */
async function start(scene: Scene, { options }: Person, storage: MemoryStorage) {
  const transport: MoodyTransport = scene.network.join();
  const user = await createUserFrom({ ...options, transport, storage });
  open.push(user);
  const texts: (string | undefined)[] = [];
  const garden = user.conversation("garden");
  garden.events$.subscribe((event) => event.kind === "message" && texts.push(event.text));
  return { user, transport, garden, texts };
}

describe.each([
  ["fake", true],
  ["real", false],
])("An old copy of a store that is put back after many own messages, with %s MLS", (_kind, fakes) => {
  test("seals none of its chat while everyone else is offline, and above all of it afterwards", async () => {
    const { scene } = await openScene({ seed: "old store", fakes });
    const disks = [createMemoryStorage(), createMemoryStorage(), createMemoryStorage()] as const;
    const alice = await enter(scene, "alice", disks[0]);
    const bob = await enter(scene, "bob", disks[1]);
    const carol = await enter(scene, "carol", disks[2]);
    const [atAlice] = await gather(scene, "garden", alice, bob, carol);
    const copy = disks[0].records();
    for (let i = 0; i < LOST; i++) await atAlice.send(`lost ${i}`);
    await settle(scene);
    for (const { user } of [alice, bob, carol]) await user.close();

    const transports = [alice.transport];
    /** Alice alone with the copy, which is put back each time. */
    const live = async (text: string) => {
      const kept = createMemoryStorage({ records: copy });
      const life = await start(scene, alice, kept);
      transports.push(life.transport);
      const sending = watch(life.garden.send(text));
      await advance(scene, HOUR_MS);
      expect(sending.outcome).toBe("pending");
      expect(life.garden.state.queuedMessages).toBe(1);
      expect(life.transport.attempts.filter(({ packet }) => packet.subtopic === "app_msg")).toEqual([]);
      return { ...life, kept };
    };
    const { user } = await live("forgotten");
    await user.close();
    const again = await live("waits");
    // It waits in the store, too.
    await again.user.close();
    const last = await start(scene, alice, again.kept);
    transports.push(last.transport);
    await advance(scene, 60_000);

    const bobs = await start(scene, bob, disks[1]);
    await until(scene, () => bobs.texts.includes("waits"));
    await last.garden.send("next");
    await advance(scene, 5_000);
    const carols = await start(scene, carol, disks[2]);
    await advance(scene, 60_000);
    for (const { texts } of [bobs, carols])
      expect(texts.filter((text) => !text?.startsWith("lost"))).toEqual(["waits", "next"]);
    expect(new Set(last.texts.filter((text) => text?.startsWith("lost"))).size).toBe(LOST);

    const ledger = createGenerationLedger();
    for (const { attempts } of transports) for (const { packet } of attempts) ledger.note(packet.payload);
    expect(ledger.reused).toEqual([]);
  });
});
