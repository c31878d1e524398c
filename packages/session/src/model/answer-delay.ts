import type { RandomSource } from "@demls/wire/core";
import { fraction } from "./fraction.js";

/** Longest delay of an answer in ms, and its part for each member: usually one answers first. */
const LONGEST_DELAY_MS = 2_000;
const DELAY_PER_MEMBER_MS = 20;

/** Longest delay in ms of an answer that any of `members` can give. */
export function longestAnswerDelayMs(members: number): number {
  return Math.min(LONGEST_DELAY_MS, DELAY_PER_MEMBER_MS * members);
}

/** Random delay in ms of such an answer. */
export function answerDelayMs(random: RandomSource, members: number): number {
  return Math.floor(longestAnswerDelayMs(members) * fraction(random));
}
