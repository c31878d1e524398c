import type { ConsensusSession, ConsensusStorage } from "@demls/consensus/service";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import {
  idsOf,
  keep,
  sampleSession,
  SCOPES,
  type CreateConsensusStorage,
} from "./consensus-storage-under-test.js";

/** Number of reads while the sessions change. */
const LOOKS = 5;

/** Cases about sessions: scopes, order and changes. */
export function sessionCases(create: CreateConsensusStorage): ContractCase[] {
  return [
    {
      name: "starts empty",
      async run() {
        const storage = await create();
        expectEqual(await storage.session("garden", 1), undefined, "A session");
        expectEqual(await storage.sessions("garden"), [], "The sessions");
      },
    },
    {
      name: "stores all fields of a session",
      async run() {
        const storage = await create();
        for (const id of [0, 1, 2, 3, 0xffff_ffff]) {
          await keep(storage, "garden", sampleSession(id));
          expectEqual(await storage.session("garden", id), sampleSession(id), `Session ${id}`);
        }
        expectEqual(await storage.session("garden", 7), undefined, "An unknown session");
      },
    },
    {
      name: "keeps scopes apart, with any names",
      async run() {
        const storage = await create();
        for (const [i, scope] of SCOPES.entries()) await keep(storage, scope, sampleSession(i));
        for (const [i, scope] of SCOPES.entries()) {
          expectEqual(await idsOf(storage, scope), [i], `The sessions of ${JSON.stringify(scope)}`);
        }
      },
    },
    {
      name: "returns sessions in order of arrival, changed ones in place",
      async run() {
        const storage = await create();
        // Neither the ids nor the times ascend.
        for (const id of [30, 4, 100, 21]) await keep(storage, "garden", sampleSession(id));
        expectEqual(await idsOf(storage, "garden"), [30, 4, 100, 21], "The sessions");
        await change(storage, (sessions) => sessions.map((each) => ({ ...each, timeoutMs: 1 })).slice(1));
        await keep(storage, "garden", sampleSession(5));
        expectEqual(await idsOf(storage, "garden"), [4, 100, 21, 5], "The sessions after a change");
        await change(storage, (sessions) => sessions.toReversed());
        expectEqual(await idsOf(storage, "garden"), [5, 21, 100, 4], "The sessions in another order");
      },
    },
    {
      name: "passes all sessions to a change, once, and returns its result",
      async run() {
        const storage = await create();
        await keep(storage, "garden", sampleSession(1));
        const seen: (readonly ConsensusSession[])[] = [];
        const result = await storage.update("garden", (sessions) => {
          seen.push(sessions);
          return { sessions, result: { of: sessions.length } };
        });
        expectEqual(result, { of: 1 }, "The result");
        expectEqual(seen, [[sampleSession(1)]], "The sessions passed to the change");
      },
    },
    {
      name: "changes nothing when a change throws, and passes the error to the caller",
      async run() {
        const storage = await create();
        await keep(storage, "garden", sampleSession(1));
        const error = new Error("not so");
        const refused = await storage
          .update("garden", () => {
            throw error;
          })
          .catch((reason: unknown) => reason);
        if (refused !== error) throw broken("The error of the change does not reach the caller.");
        expectEqual(await idsOf(storage, "garden"), [1], "The sessions");
        await keep(storage, "garden", sampleSession(2));
        expectEqual(await idsOf(storage, "garden"), [1, 2], "The sessions after the next change");
      },
    },
    {
      name: "runs no other change between a change's read and write",
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
            `The sessions of ${scope}`,
          );
        }
      },
    },
    {
      name: "never shows a partial change",
      async run() {
        const storage = await create();
        const ids = [1, 2, 3, 4];
        await change(storage, () => ids.map(sampleSession));
        for (let timeoutMs = 1; timeoutMs <= 10; timeoutMs++) {
          const changing = change(storage, (sessions) => sessions.map((each) => ({ ...each, timeoutMs })));
          for (let look = 0; look < LOOKS; look++) {
            expectEqual(await idsOf(storage, "garden"), ids, "The sessions while all of them change");
            const seen = await storage.sessions("garden");
            const isWhole = new Set(seen.map((session) => session.timeoutMs)).size === 1;
            if (!isWhole) throw broken("A read shows some sessions changed and others not.");
          }
          await changing;
        }
      },
    },
    {
      name: "has stored a change when it resolves",
      async run() {
        const storage = await create();
        for (const id of [1, 2, 3]) {
          await keep(storage, "garden", sampleSession(id));
          expectEqual((await idsOf(storage, "garden")).at(-1), id, "The newest session");
        }
      },
    },
    {
      name: "stores a copy of the list passed in",
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
