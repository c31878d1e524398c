import { DemlsError, type Packet } from "@demls/wire/core";
import { broken, expectEqual, expectMistake, type ContractCase } from "./contract-case.js";
import {
  expectHistory,
  iteratorOf,
  onHistory,
  publishNumbers,
  read,
  readOn,
  type CreateHistoryNetwork,
  type HistoryNetwork,
  type HistoryTransport,
} from "./history-members.js";

/** More than a few pages of any store. */
const MANY = 50;

/** Cases about the end of an iteration: by its consumer, by a signal, by closing, by a mistake. */
export function historyEndingCases(create: CreateHistoryNetwork): ContractCase[] {
  return [
    {
      name: "stops working when its consumer leaves early, and works for the next",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const packets = await publishNumbers(network, [alice], MANY);
          const left = iteratorOf(bob);
          await left.next();
          await left.return?.();
          expectEqual(await isDone(left), true, "Whether the iteration is done after return()");
          expectIdle(network);
          expectHistory(await read(bob), packets, "The next history");
          expectIdle(network);
        }),
    },
    {
      name: "ends without an error when its signal is aborted, before, between and within calls of next()",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          await publishNumbers(network, [alice], MANY);
          const { signal } = aborted();
          expectEqual(await isDone(iteratorOf(bob, { signal })), true, "Whether an aborted one is done");
          const between = new AbortController();
          const stopped = iteratorOf(bob, { signal: between.signal });
          await stopped.next();
          between.abort();
          expectEqual(await isDone(stopped), true, "Whether one aborted between calls is done");
          const within = new AbortController();
          const asked = iteratorOf(bob, { signal: within.signal });
          const pending = asked.next();
          within.abort();
          await pending;
          expectEqual(await isDone(asked), true, "Whether one aborted within a call is done");
          expectIdle(network);
        }),
    },
    {
      name: "ends without an error when its transport is closed, and rejects from then on",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          await publishNumbers(network, [alice], MANY);
          const begun = iteratorOf(bob);
          await begun.next();
          const within = iteratorOf(bob);
          const pending = within.next();
          await bob.close();
          await pending;
          expectEqual(await isDone(begun), true, "Whether one closed between calls is done");
          expectEqual(await isDone(within), true, "Whether one closed within a call is done");
          await expectRejection(bob, "garden", 0, "A history of a closed transport");
          expectIdle(network);
        }),
    },
    {
      name: "rejects, and does not throw, for an unsupported name or time",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const packets = await publishNumbers(network, [alice], 1);
          for (const name of ["", "a/b"].filter((each) => network.refuses?.(each)))
            await expectRejection(bob, name, 0, `A history of ${JSON.stringify(name)}`);
          for (const since of [NaN, Infinity, -Infinity])
            await expectMistake(() => firstOf(bob, "garden", since), "invalid-since");
          expectHistory(await read(bob, { since: -1 }), packets, "The history since before 1970");
        }),
    },
    {
      name: "serves several consumers at once, each at its own pace",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const packets = await publishNumbers(network, [alice], MANY);
          const slow = iteratorOf(bob);
          const first = await slow.next();
          expectHistory(await read(bob), packets, "The history of a fast consumer");
          expectHistory(await readOn(slow, first), packets, "The history of a slow consumer");
        }),
    },
  ];
}

function aborted(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

async function isDone(iterator: AsyncIterator<Packet, unknown>): Promise<boolean> {
  return (await iterator.next()).done === true;
}

function expectIdle(network: HistoryNetwork): void {
  expectEqual(network.underWay?.() ?? 0, 0, "The number of questions under way");
}

/** @throws DemlsError `contract-broken` unless the iteration rejects with a DemlsError and the call returns. */
async function expectRejection(
  transport: HistoryTransport,
  name: string,
  since: number,
  what: string,
): Promise<void> {
  const error = await firstOf(transport, name, since).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DemlsError)) throw broken(`${what} should reject with a DemlsError.`);
}

/** Asks for the first packet of a history. @throws DemlsError `contract-broken` if the call itself throws */
async function firstOf(transport: HistoryTransport, name: string, since: number): Promise<unknown> {
  let iterator: AsyncIterator<Packet, unknown>;
  try {
    iterator = transport.history(name, since)[Symbol.asyncIterator]();
  } catch (error) {
    throw broken(`The call of history threw ${String(error)}.`);
  }
  return iterator.next();
}
