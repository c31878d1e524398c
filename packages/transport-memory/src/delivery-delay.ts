import { DemlsError, type Clock, type RandomSource } from "@demls/wire/core";

/** How long a delivery takes, in milliseconds, both ends included. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

/** What {@link deliveryScheduler} is made from. */
export interface DelayOptions {
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly delayMs?: DelayRange;
}

/** Runs a delivery later, never before it returns. */
export type Schedule = (deliver: () => void) => void;

/**
 * Without a delay a microtask, which keeps the order of publishing; else a wake-up of the clock.
 *
 * @throws DemlsError `invalid-delay`, `missing-clock`, `missing-random`.
 */
export function deliveryScheduler({ clock, random, delayMs }: DelayOptions): Schedule {
  if (delayMs === undefined) return queueMicrotask;
  const { min, max } = delayMs;
  if (!(min >= 0 && max >= min && Number.isFinite(max))) throw invalidDelay();
  if (clock === undefined) throw missing("clock");
  if (min === max) return (deliver) => void clock.wakeAt(clock.monotonicMs() + min, deliver);
  if (random === undefined) throw missing("random");
  return (deliver) => void clock.wakeAt(clock.monotonicMs() + min + (max - min) * fraction(random), deliver);
}

/** 0 to 1, in steps of 2^-16: finer than any delay needs. */
function fraction(random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 0xffff;
}

function invalidDelay(): DemlsError<"invalid-delay"> {
  return new DemlsError("invalid-delay", {
    message: "A delivery cannot take this long.",
    field: "delayMs",
    remedy: "Pass finite milliseconds with 0 <= min <= max.",
  });
}

function missing<Field extends "clock" | "random">(field: Field): DemlsError<`missing-${Field}`> {
  return new DemlsError(`missing-${field}`, {
    message: `Delayed deliveries need a ${field}.`,
    field,
    remedy: `Pass ${field} beside delayMs, or leave delayMs out.`,
  });
}
