import { stewardListContract } from "@demls/testkit";
import { expect, describe, test } from "vitest";
import { play } from "../src/play.js";
import { ringStewards } from "../src/ring-stewards.js";

describe("The ring stewards", () => {
  for (const { name, run } of stewardListContract(ringStewards)) test(name, run);
});

describe("A conversation without the default layers", () => {
  test("ends in agreement after joins, a ban and messages", { timeout: 30_000 }, async () => {
    let looks = 0;
    await play(
      () => undefined,
      (left, banned) => {
        looks += 1;
        const views = left.map(({ garden: { state } }) => ({
          epoch: state.epoch,
          authenticator: state.epochAuthenticator,
          members: state.members.map(({ id, role, score }) => ({ id, role, score })),
          stewards: state.stewards,
        }));
        for (const view of views) expect(view).toEqual(views[0]);
        expect(left).toHaveLength(4);
        expect(views[0]?.members.every(({ score }) => score !== undefined)).toBe(true);
        expect(left.map(({ read }) => read.length)).toEqual([2, 1, 2, 1]);
        expect(banned.read).toEqual(["hello, everyone"]);
        expect(banned.garden.state.phase).toBe("ended");
      },
    );
    expect(looks).toBe(1);
  });

  test("is reproducible, although its packets go over sockets", { timeout: 30_000 }, async () => {
    const tales = [[], []] as [string[], string[]];
    for (const tale of tales) await play((line) => tale.push(line));
    expect(tales[1]).toEqual(tales[0]);
  });
});
