import { DemlsError, type Clock, type RandomSource } from "@demls/wire/core";

import type { Route } from "./route.js";

/** Delay of a delivery in milliseconds, both ends included. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

/** Returns the delay of one delivery in milliseconds; called once for each. */
export type DelayOf = (route: Route) => number;

/** Settings of {@link deliveryPlanner}. */
export interface DelayOptions {
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly delayMs?: DelayRange | DelayOf;
}

/** Schedules a delivery, which runs after this call has returned. */
export type StartDelivery = (deliver: () => void) => void;

/**
 * Schedules deliveries: without a delay in a microtask, which keeps the order of publishing; otherwise in a wake-up of
 * the clock.
 *
 * @throws DemlsError `invalid-delay`, `missing-clock`, `missing-random`.
 */
export function deliveryPlanner({ clock, random, delayMs }: DelayOptions): (route: Route) => StartDelivery {
  if (delayMs === undefined) return () => queueMicrotask;
  const delayOf = typeof delayMs === "function" ? delayMs : drawFrom(delayMs, random);
  if (clock === undefined) throw missing("clock");
  return (route) => {
    const ms = delayOf(route);
    if (!(ms >= 0 && Number.isFinite(ms))) throw invalidDelay();
    return (deliver) => void clock.wakeAt(clock.monotonicMs() + ms, deliver);
  };
}

function drawFrom({ min, max }: DelayRange, random: RandomSource | undefined): DelayOf {
  if (!(min >= 0 && max >= min && Number.isFinite(max))) throw invalidDelay();
  if (min === max) return () => min;
  if (random === undefined) throw missing("random");
  return () => min + (max - min) * fraction(random);
}

/** 0 to 1, in steps of 2^-16: finer than any delay needs. */
function fraction(random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 0xffff;
}

function invalidDelay(): DemlsError<"invalid-delay"> {
  return new DemlsError("invalid-delay", {
    message: "The delay of a delivery is invalid.",
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
