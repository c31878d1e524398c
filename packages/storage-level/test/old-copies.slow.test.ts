import { cp, rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { useStorages } from "./storages.js";
import { areTogether, createSurvivors, missingAt, PATIENCE_MS, until } from "./survivors.js";

const { freshFolder } = useStorages();

/** More own messages than a member skips generations, and so few that they are served at once. */
const LOST = 200;

test(
  "A member with an old copy of its folder reads what it has sent since, and uses no key twice",
  { timeout: 6 * PATIENCE_MS },
  async () => {
    const survivors = createSurvivors();
    onTestFinished(() => survivors.close());
    const enter = async (name: string) => survivors.enter(name, await freshFolder());
    const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
    alice.request({ kind: "create" });
    await until(async () => (await alice.state()).phase === "working");
    for (const joiner of [bob, carol]) joiner.request({ kind: "join" });
    expect(await until(() => areTogether(survivors.all), PATIENCE_MS)).toBe(true);

    const copy = await freshFolder();
    await alice.kill();
    await cp(alice.folder, copy, { recursive: true });
    await alice.start();
    for (let i = 1; i <= LOST; i++) alice.request({ kind: "say", text: `lost ${i}` });
    expect(await until(() => alice.kept.length === LOST, PATIENCE_MS)).toBe(true);
    expect(await until(async () => (await missingAt(bob, alice.kept)).length === 0, PATIENCE_MS)).toBe(true);

    for (const again of ["first", "second"]) {
      await alice.kill();
      await rm(alice.folder, { recursive: true });
      await cp(copy, alice.folder, { recursive: true });
      await alice.start();
      alice.request({ kind: "say", text: `after the ${again} return` });
      const hasAll = async () =>
        (await Promise.all(survivors.all.map((each) => missingAt(each, alice.kept)))).flat().length === 0;
      expect(await until(() => alice.kept.includes(`after the ${again} return`), PATIENCE_MS)).toBe(true);
      expect(await until(hasAll, PATIENCE_MS)).toBe(true);
    }
    expect(await until(() => areTogether(survivors.all), PATIENCE_MS)).toBe(true);
    expect(survivors.ledger.unread).toBe(0);
    expect(survivors.ledger.reused).toEqual([]);
  },
);
