import { DemlsError } from "@demls/wire/core";
import { expect } from "vitest";

/** Expects a `DemlsError` with this code, the field (if any), and a remedy. */
export async function expectMistake(promise: Promise<unknown>, code: string, field?: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DemlsError);
  expect(error).toMatchObject({ code, field, remedy: expect.stringMatching(/^[A-Z].+\.$/) });
}
