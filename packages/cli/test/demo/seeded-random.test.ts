import { expect, test } from "vitest";
import { createSeededRandom } from "../../src/demo/seeded-random.js";

const LIST = ["a", "b", "c", "d", "e", "f", "g", "h"];

test("The same seed yields the same values, and another seed yields others", () => {
  const drawn = (seed: string): unknown => {
    const random = createSeededRandom(seed);
    return [random.bytes(32), random.shuffle(LIST)];
  };
  expect(drawn("tea")).toEqual(drawn("tea"));
  expect(drawn("tea")).not.toEqual(drawn("coffee"));
});

test("A fork depends on its label, and not on earlier draws", () => {
  const random = createSeededRandom("tea");
  const before = random.fork("ada").bytes(32);
  random.bytes(5);
  expect(random.fork("ada").bytes(32)).toEqual(before);
  expect(random.fork("bob").bytes(32)).not.toEqual(before);
});

test("A shuffle returns a new array of the same elements, and each can come first", () => {
  const firsts = new Set<string | undefined>();
  for (let seed = 0; seed < 100; seed++) {
    const shuffled = createSeededRandom(`${seed}`).shuffle(LIST);
    expect([...shuffled].sort()).toEqual(LIST);
    firsts.add(shuffled[0]);
  }
  expect(firsts.size).toBe(LIST.length);
});
