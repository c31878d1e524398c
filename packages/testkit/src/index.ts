/**
 * Time and randomness for tests: a clock that moves when told to, and random bytes that come back
 * the same for the same seed. Not for production.
 *
 * @packageDocumentation
 */
export * from "./seeded-random.js";
export * from "./virtual-clock.js";
