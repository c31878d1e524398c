import { createVirtualClock } from "@demls/testkit";
import type { PeerId } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import { PeerConduct } from "../src/peer-conduct.js";
import { PeerIntake, type IntakeLimits } from "../src/peer-intake.js";
import { readInTurn, type ReadingGossipSub } from "../src/rpc-reading.js";

const MALLORY = "mallory" as unknown as PeerId;
const PLENTY: IntakeLimits = { perSecond: 1_000, atOnce: 1_000 };
const EMPTY_RPC = { subscriptions: [], messages: [] };

/** An RPC of one byte, which does not decode. */
const BROKEN = 0xff;

let clock: ReturnType<typeof createVirtualClock>;
let conduct: PeerConduct;
/** Functions that end the processing of the current RPCs. */
let finish: (() => void)[];

beforeEach(() => {
  clock = createVirtualClock();
  conduct = new PeerConduct(clock);
  finish = [];
});

/** Lets gossipsub read a stream of Mallory. The processing of each RPC lasts until the test ends it. */
async function read(stream: Iterable<number>, limits = PLENTY): Promise<void> {
  const service = {
    createInboundStream: () => undefined,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    handlePeerReadStreamError: () => undefined,
    decodeRpc([first]: Uint8Array) {
      if (first === BROKEN) throw new Error("no RPC");
      return EMPTY_RPC;
    },
    handleReceivedRpc: () => new Promise<void>((resolve) => finish.push(resolve)),
  } as unknown as ReadingGossipSub;
  readInTurn(service, [new PeerIntake(clock, limits), new PeerIntake(clock, limits)], conduct);
  void service.pipePeerReadStream(MALLORY, chunksOf(stream));
  await clock.advance(0);
}

async function* chunksOf(stream: Iterable<number>) {
  for (const byte of stream) yield Promise.resolve(Uint8Array.of(byte));
}

function* endingWith(name: string): Iterable<number> {
  yield 1;
  throw Object.assign(new Error("The stream is over."), { name });
}

describe("a peer's RPCs", () => {
  it("are read at the peer's turn", async () => {
    await read([1, 2, 3], { perSecond: 1, atOnce: 1 });
    expect(finish).toHaveLength(1);
    await clock.advance(1_500);
    expect(finish).toHaveLength(2);
    await clock.advance(1_500);
    expect(finish).toHaveLength(3);
  });

  it("are worked on 32 at a time", async () => {
    await read(new Array<number>(40).fill(1));
    expect(finish).toHaveLength(32);
    finish[0]?.();
    await clock.advance(0);
    expect(finish).toHaveLength(33);
  });

  it("are its fault if they do not decode, and reading goes on", async () => {
    await read([BROKEN, 1]);
    expect(conduct.score("mallory")).toBeCloseTo(-5, 2);
    expect(finish).toHaveLength(1);
  });
});

describe("a peer whose stream ends", () => {
  it.each(["InvalidMessageLengthError", "InvalidDataLengthError", "InvalidDataLengthLengthError"])(
    "with the framing error %s is out",
    async (name) => {
      await read(endingWith(name));
      expect(conduct.isOut("mallory")).toBe(true);
    },
  );

  it("with its connection is not out", async () => {
    await read(endingWith("StreamResetError"));
    expect(conduct.score("mallory")).toBe(0);
  });
});
