import { describe, expect, test } from "vitest";
import type { Repair } from "../../src/model/repair.js";
import type { ActiveTransaction } from "../../src/model/transaction.js";
import { standingOf } from "../../src/standing/index.js";
import { gather, rolesOf, runFor } from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";

const { world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
await runFor(world, 60_000);
const [member] = rolesOf(world);
const now = transactionOf(world, member);

const AT_ONCE = { endsAtMs: Infinity, isAnswered: false };
const UNNAMED = { sinceMs: world.nowMs, epoch: now.state.group.epoch, isServed: false, hasSkipped: [] };

function standingWith(repair: Partial<Repair>): string {
  const tx: ActiveTransaction = {
    ...now,
    state: { ...now.state, repair: { ...now.state.repair, ...repair } },
  };
  return standingOf(tx);
}

describe("The standing of a member", () => {
  test("is current among members that have nothing more", () => {
    expect(standingWith({})).toBe("current");
  });

  test("is left behind only once the others were waited for", () => {
    expect(standingWith({ servedAtMs: world.nowMs })).toBe("current");
    expect(standingWith({ servedAtMs: -Infinity })).toBe("leftBehind");
    expect(standingWith({ aloneSinceMs: -Infinity })).toBe("leftBehind");
    expect(standingWith({ lostSinceMs: -Infinity })).toBe("leftBehind");
  });

  test("is unconfirmed before it is left behind, and catching up before both", () => {
    expect(standingWith({ servedAtMs: -Infinity, unconfirmed: UNNAMED })).toBe("unconfirmed");
    expect(standingWith({ servedAtMs: -Infinity, unconfirmed: UNNAMED, catchUp: AT_ONCE })).toBe(
      "catchingUp",
    );
  });
});
