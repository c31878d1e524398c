import { createMemoryStorage } from "@demls/storage-memory";
import { bytesToHex, hexToBytes, putRecord, type StorageOperation } from "@demls/wire/core";
import { createUserFrom } from "../../../src/index.js";
import { advance, createScene, enter, gather, until, type Person, type Scene } from "../../harness/index.js";

/** Stores of one moment, as they are in `format-N.json`. */
export interface RecordedStores {
  readonly format: number;
  /** Wall clock of the moment in ms. */
  readonly wallMs: number;
  readonly users: Readonly<Record<string, RecordedStore>>;
}

interface RecordedStore {
  /** Key that signs the votes, in hex. */
  readonly voteKey: string;
  /** Namespace, key, value in hex. */
  readonly records: readonly (readonly [string, string, string])[];
}

/** Names of the users. */
const NAMES = ["alice", "bob", "carol"] as const;

/**
 * Records three stores of a life: a strict conversation with chat, elections, a vote that is open and a message that is
 * queued; one in `de-mls-3` mode; a pending join; key packages; and events that were not taken.
 */
export async function recordStores(format: number): Promise<RecordedStores> {
  const scene = createScene("recorded stores");
  const storages = new Map(NAMES.map((name) => [name, createMemoryStorage()]));
  const people: Person[] = [];
  for (const name of NAMES) people.push(await enter(scene, name, storages.get(name)));
  const [alice, bob, carol] = people as [Person, Person, Person];
  const [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol);
  await atAlice.markVerified(bob.id);
  const old = await alice.user.createConversation("meadow", { compatibility: "de-mls-3" });
  await bob.user.join({ name: "meadow" }).conversation;
  await until(scene, () => old.state.members.length === 2);
  await advance(scene, 120_000);
  await old.send("an old message");
  await alice.user.join({ name: "orchard" }).conversation;
  await alice.user.generateKeyPackage();
  await advance(scene, 1_000);
  void atAlice.proposeRemove(carol.id).accepted.catch(() => undefined);
  await advance(scene, 2_000);
  // A start without the others: what it sends then is queued.
  await alice.transport.close();
  await alice.user.close();
  const again = await createUserFrom({ ...alice.options, transport: scene.network.join() });
  void again
    .conversation("garden")
    .send("queued")
    .catch(() => undefined);
  await atBob.send("not taken");
  await again.conversation("garden").admin.idle();
  const wallMs = scene.clock.wallMs();
  const users = Object.fromEntries(
    people.map(({ name, secretKey }) => {
      const records = storages.get(name as (typeof NAMES)[number])?.records() ?? [];
      return [name, { voteKey: bytesToHex(secretKey), records: records.flatMap(inHex) }] as const;
    }),
  );
  await again.close();
  await scene.close();
  return { format, wallMs, users };
}

function inHex(operation: StorageOperation): RecordedStore["records"] {
  if (operation.kind === "delete") return [];
  return [[operation.namespace, operation.key, bytesToHex(operation.value)]];
}

/** Scene of the users of recorded stores, who go on from there. */
export async function openStores(
  stores: RecordedStores,
): Promise<{ scene: Scene; people: readonly Person[] }> {
  const scene = createScene({ seed: `opened stores ${stores.format}`, wallMs: stores.wallMs });
  const people: Person[] = [];
  for (const name of NAMES) {
    const { voteKey, records } = stores.users[name]!;
    const storage = createMemoryStorage({
      records: records.map(([namespace, key, hex]) => putRecord(namespace, key, hexToBytes(hex)!)),
    });
    people.push(await scene.enter(name, storage, { voteKey: hexToBytes(voteKey) }));
  }
  return { scene, people };
}
