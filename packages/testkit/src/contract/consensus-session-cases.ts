import type { ConsensusSession, ConsensusStorage } from "@demls/consensus/service";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import {
  idsOf,
  keep,
  sampleSession,
  SCOPES,
  type CreateConsensusStorage,
} from "./consensus-storage-under-test.js";

/** How often the sessions are looked at while they change. */
const LOOKS = 5;

/** Sessions: whose they are, in which order, and how they change. */
export function sessionCases(create: CreateConsensusStorage): ContractCase[] {
  return [
    {
      name: "holds nothing to begin with",
      async run() {
        const storage = await create();
        expectEqual(await storage.session("garden", 1), undefined, "A session");
        expectEqual(await storage.sessions("garden"), [], "The sessions");
      },
    },
    {
      name: "keeps all of a session",
      async run() {
        const storage = await create();
        for (const id of [0, 1, 2, 3, 0xffff_ffff]) {
          await keep(storage, "garden", sampleSession(id));
          expectEqual(await storage.session("garden", id), sampleSession(id), `Session ${id}`);
        }
        expectEqual(await storage.session("garden", 7), undefined, "A session that nobody kept");
      },
    },
    {
      name: "keeps scopes apart, whatever they are called",
      async run() {
        const storage = await create();
        for (const [i, scope] of SCOPES.entries()) await keep(storage, scope, sampleSession(i));
        for (const [i, scope] of SCOPES.entries()) {
          expectEqual(await idsOf(storage, scope), [i], `What is in ${JSON.stringify(scope)}`);
        }
      },
    },
    {
      name: "gives sessions in the order in which they came, changed ones in their places",
      async run() {
        const storage = await create();
        // Neither their ids nor their times ascend.
        for (const id of [30, 4, 100, 21]) await keep(storage, "garden", sampleSession(id));
        expectEqual(await idsOf(storage, "garden"), [30, 4, 100, 21], "The sessions");
        await change(storage, (sessions) => sessions.map((each) => ({ ...each, timeoutMs: 1 })).slice(1));
        await keep(storage, "garden", sampleSession(5));
        expectEqual(await idsOf(storage, "garden"), [4, 100, 21, 5], "Those after a change");
        await change(storage, (sessions) => sessions.toReversed());
        expectEqual(await idsOf(storage, "garden"), [5, 21, 100, 4], "Those in another order");
      },
    },
    {
      name: "gives a change all sessions, once, and its caller what comes of it",
      async run() {
        const storage = await create();
        await keep(storage, "garden", sampleSession(1));
        const seen: (readonly ConsensusSession[])[] = [];
        const result = await storage.update("garden", (sessions) => {
          seen.push(sessions);
          return { sessions, result: { of: sessions.length } };
        });
        expectEqual(result, { of: 1 }, "The result");
        expectEqual(seen, [[sampleSession(1)]], "What the change was given");
      },
    },
    {
      name: "leaves everything where a change throws, and passes the error on",
      async run() {
        const storage = await create();
        await keep(storage, "garden", sampleSession(1));
        const error = new Error("not so");
        const refused = await storage
          .update("garden", () => {
            throw error;
          })
          .catch((reason: unknown) => reason);
        if (refused !== error) throw broken("The change's own error is not its caller's.");
        expectEqual(await idsOf(storage, "garden"), [1], "The sessions");
        await keep(storage, "garden", sampleSession(2));
        expectEqual(await idsOf(storage, "garden"), [1, 2], "Those after the next change");
      },
    },
    {
      name: "lets no change come between another's reading and writing",
      async run() {
        const storage = await create();
        const ids = [...Array(20).keys()];
        const changes = ids.flatMap((id) => [
          keep(storage, "garden", sampleSession(id)),
          keep(storage, "meadow", sampleSession(id)),
        ]);
        await Promise.all(changes);
        for (const scope of ["garden", "meadow"]) {
          expectEqual(
            (await idsOf(storage, scope)).toSorted((a, b) => a - b),
            ids,
            `What is in ${scope}`,
          );
        }
      },
    },
    {
      name: "shows nobody half of a change",
      async run() {
        const storage = await create();
        const ids = [1, 2, 3, 4];
        await change(storage, () => ids.map(sampleSession));
        for (let timeoutMs = 1; timeoutMs <= 10; timeoutMs++) {
          const changing = change(storage, (sessions) => sessions.map((each) => ({ ...each, timeoutMs })));
          for (let look = 0; look < LOOKS; look++) {
            expectEqual(await idsOf(storage, "garden"), ids, "What is there while all sessions change");
            const seen = await storage.sessions("garden");
            const isWhole = new Set(seen.map((session) => session.timeoutMs)).size === 1;
            if (!isWhole) throw broken("Some sessions are changed while others are not yet.");
          }
          await changing;
        }
      },
    },
    {
      name: "has kept a change once it says so",
      async run() {
        const storage = await create();
        for (const id of [1, 2, 3]) {
          await keep(storage, "garden", sampleSession(id));
          expectEqual((await idsOf(storage, "garden")).at(-1), id, "The newest session");
        }
      },
    },
    {
      name: "keeps what it was given, though the list changes afterwards",
      async run() {
        const storage = await create();
        const list = [sampleSession(1)];
        await change(storage, () => list);
        list.push(sampleSession(2));
        expectEqual(await idsOf(storage, "garden"), [1], "The sessions");
      },
    },
  ];
}

function change(
  storage: ConsensusStorage,
  next: (sessions: readonly ConsensusSession[]) => readonly ConsensusSession[],
): Promise<void> {
  return storage.update("garden", (sessions) => ({ sessions: next(sessions), result: undefined }));
}
