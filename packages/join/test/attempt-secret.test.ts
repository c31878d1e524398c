import { expect, test } from "vitest";
import { startAttempt, type Attempt, type AttemptPorts } from "../src/index.js";
import { issued, NOW, verifier } from "./fixtures.js";

const unused = (): never => {
  throw new Error("It has not entered.");
};

const PORTS: Omit<AttemptPorts, "enter" | "onEnd"> = {
  clock: { monotonicMs: () => 0, wallMs: () => NOW * 1_000, wakeAt: () => () => undefined },
  random: { bytes: (length) => new Uint8Array(length) },
  standing: () => ({ kind: "outside", hasAnnounced: false, holdsWelcome: false }),
  verifier,
  ...{ announce: unused, assure: unused, publish: unused, keyPackageReference: unused },
  ...{ verify: unused, replyKeys: unused, open: unused, onStarted: unused },
  onProgress: () => undefined,
};

test("An attempt wipes the secret of its invitation when it ends", async () => {
  const { line } = await issued();
  let attempt: Attempt | undefined;
  const [secret, before] = await new Promise<[secret: Uint8Array, before: readonly number[]]>((resolve) => {
    attempt = startAttempt(
      line,
      {},
      {
        ...PORTS,
        enter(held) {
          resolve([held.secret, [...held.secret]]);
          return new Promise(() => undefined);
        },
        onEnd: () => undefined,
      },
    );
  });
  expect(Math.max(...before)).toBeGreaterThan(0);
  attempt?.abort(new Error("given up"));
  expect(Math.max(...secret)).toBe(0);
});
