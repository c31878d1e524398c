import type { Case } from "./expect-case.js";

/** Lives of two and three members, and small ones of four. */
export const QUICK: readonly Case[] = [
  { title: "two members, two commits", life: { members: 2, commits: [{}, {}] }, states: 34 },
  {
    title: "two members that accept one commit each",
    life: { members: 2, commits: [{ acceptedBy: [0] }, { acceptedBy: [1] }] },
    states: 14,
    apart: { "not accepted": 9 },
  },
  {
    title: "two members, one of which missed an election",
    life: { members: 2, commits: [{}, {}], missedElection: [1] },
    states: 62,
    apart: { ranks: 35 },
    breaches: { "sure commit overtaken": 9 },
  },
  {
    title: "two members, of which a commit removes one",
    life: { members: 2, commits: [{ removed: [1] }, {}] },
    states: 61,
  },
  {
    title: "two members that are heard, before three awayMs",
    life: { members: 2, commits: [{}, {}], patience: "away", areSilentHeard: true },
    states: 26,
  },
  {
    title: "two members that are heard, of which a commit removes one, before three awayMs",
    life: { members: 2, commits: [{ removed: [1] }, {}], patience: "away", areSilentHeard: true },
    states: 50,
  },
  {
    title: "two members, of which one leaves",
    life: { members: 2, commits: [{ leavers: [1] }, {}] },
    states: 8,
  },
  {
    title: "three members, two commits",
    life: { members: 3, commits: [{}, {}] },
    states: 326,
    apart: { "taken back": 39 },
  },
  {
    title: "three members, three commits",
    life: { members: 3, commits: [{}, {}, {}] },
    states: 1_193,
    apart: { "taken back": 117 },
  },
  {
    title: "three members without a wait",
    life: { members: 3, commits: [{}, {}], patience: "none" },
    states: 60,
  },
  {
    title: "three members that are heard, before three awayMs",
    life: { members: 3, commits: [{}, {}], patience: "away", areSilentHeard: true },
    states: 399,
    apart: { "taken back": 51 },
  },
  {
    title: "three members with all candidates",
    life: { members: 3, commits: [{}, {}], isAllHeld: true },
    states: 39,
  },
  {
    title: "three members, of which one accepts another commit",
    life: { members: 3, commits: [{ acceptedBy: [2] }, { acceptedBy: [0, 1] }] },
    states: 77,
  },
  {
    title: "three members that accept one commit each",
    life: { members: 3, commits: [{ acceptedBy: [0] }, { acceptedBy: [1] }, { acceptedBy: [2] }] },
    states: 65,
    apart: { "not accepted": 40 },
  },
  {
    title: "three members and key renewals, all heard",
    life: { members: 3, commits: [{ isKeyRenewal: true }, { isKeyRenewal: true }], areSilentHeard: true },
    states: 399,
    apart: { "taken back": 51 },
  },
  {
    title: "three members, of which a commit removes one",
    life: { members: 3, commits: [{ removed: [2] }, {}] },
    states: 810,
    apart: { ended: 79, "ended, taken back": 22, "taken back": 76 },
  },
  {
    title: "three members, of which a commit removes one that does not accept it",
    life: { members: 3, commits: [{ removed: [2], acceptedBy: [0, 1] }, {}] },
    states: 328,
    apart: { "taken back": 24 },
  },
  {
    title: "three members, of which one leaves",
    life: { members: 3, commits: [{ leavers: [2] }, {}] },
    states: 46,
  },
  {
    title: "three members, of which one leaves, as one other knows",
    life: { members: 3, commits: [{ leavers: [2] }, {}], leavesKnownTo: [0, 2] },
    states: 72,
  },
  {
    title: "three members, of which two leave",
    life: { members: 3, commits: [{ leavers: [1] }, { leavers: [2] }] },
    states: 7,
  },
  {
    title: "three members, of which one keeps its commit and its choice back",
    life: { members: 3, commits: [{}, { isWithheld: true }], anyhow: [2] },
    states: 208,
    apart: { "taken back": 14 },
  },
  {
    title: "three members, of which one chooses twice",
    life: { members: 3, commits: [{}, {}], twice: [2] },
    states: 335,
    apart: { "majority dissolved": 25, "taken back": 58 },
    breaches: { "two certified commits": 9 },
  },
  {
    title: "three members, of which a leaver chooses",
    life: { members: 3, commits: [{ leavers: [2] }, {}], anyhow: [2] },
    states: 200,
    apart: { "majority dissolved": 6 },
  },
  {
    title: "four members without a wait",
    life: { members: 4, commits: [{}, {}], patience: "none" },
    states: 684,
  },
  {
    title: "four members, of which one leaves and one is removed, without a wait",
    life: { members: 4, commits: [{ leavers: [3] }, { removed: [2] }], patience: "none" },
    states: 637,
  },
];

/** Lives of four members, and small ones of five. */
export const SLOW: readonly Case[] = [
  {
    title: "four members, two commits",
    life: { members: 4, commits: [{}, {}] },
    states: 10_870,
    apart: { "taken back": 2886 },
  },
  {
    title: "four members, three commits",
    life: { members: 4, commits: [{}, {}, {}] },
    states: 63_839,
    apart: { "taken back": 20413 },
  },
  {
    title: "four members that are heard, before three awayMs",
    life: { members: 4, commits: [{}, {}], patience: "away", areSilentHeard: true },
    states: 6_307,
    apart: { "taken back": 570 },
  },
  {
    title: "four members, of which a commit removes one",
    life: { members: 4, commits: [{ removed: [3] }, {}] },
    states: 30_992,
    apart: { ended: 1258, "ended, taken back": 412, "taken back": 7434 },
  },
  {
    title: "four members, of which one leaves and one is removed",
    life: { members: 4, commits: [{ leavers: [3] }, { removed: [2] }, { isKeyRenewal: true }] },
    states: 8_442,
    apart: { ended: 325, "ended, taken back": 52, "taken back": 756 },
  },
  {
    title: "four members, of which one leaves, as one other knows",
    life: { members: 4, commits: [{ leavers: [3] }, {}], leavesKnownTo: [0, 3] },
    states: 2_320,
    apart: { "taken back": 249 },
  },
  {
    title: "four members, of which two cannot carry out a change",
    life: {
      members: 4,
      commits: [{ acceptedBy: [0, 1] }, { isKeyRenewal: true, acceptedBy: [2, 3] }],
      areSilentHeard: true,
    },
    states: 2_867,
    apart: { "taken back": 571 },
  },
  {
    title: "four members, of which one missed an election",
    life: { members: 4, commits: [{}, {}], missedElection: [3] },
    states: 42_512,
    apart: { ranks: 8269, "ranks, taken back": 6224, "taken back": 3938 },
    breaches: { "sure commit overtaken": 1908 },
  },
  {
    title: "four members, of which one chooses twice",
    life: { members: 4, commits: [{}, {}], twice: [3] },
    states: 15_790,
    apart: { "taken back": 4964 },
    breaches: { "sure commit overtaken": 1056 },
  },
  {
    title: "four members, of which two choose twice",
    life: { members: 4, commits: [{}, {}], twice: [2, 3] },
    states: 1_930,
    apart: { "majority dissolved": 56, "taken back": 916 },
    breaches: { "sure commit overtaken": 110, "two certified commits": 13 },
  },
  {
    title: "four members, of which two choose a commit that they keep back",
    life: { members: 4, commits: [{}, {}, { isWithheld: true }], anyhow: [2, 3] },
    states: 4_767,
    apart: { bytes: 9, "taken back": 962 },
  },
  {
    title: "five members with all candidates",
    life: { members: 5, commits: [{}, {}], isAllHeld: true },
    states: 13_993,
  },
  {
    title: "five members, of which a commit removes one, without a wait",
    life: { members: 5, commits: [{ removed: [4] }, {}], patience: "none" },
    states: 17_895,
  },
  {
    title: "five members, of which one chooses twice, without a wait",
    life: { members: 5, commits: [{}, {}], twice: [4], patience: "none" },
    states: 33_148,
    apart: { "majority dissolved": 1664, "majority dissolved, taken back": 227, "taken back": 1576 },
    breaches: { "two certified commits": 463 },
  },
  {
    title: "five members, of which two leavers choose, without a wait",
    life: { members: 5, commits: [{ leavers: [3, 4] }, {}], anyhow: [3, 4], patience: "none" },
    states: 5_933,
    apart: { "taken back": 264, "two majorities": 17 },
    breaches: { "two certified commits": 16 },
  },
];

/** Lives of minutes, for a search of more than the full count. */
export const WHOLE: readonly Case[] = [
  {
    title: "five members, three commits, without a wait",
    life: { members: 5, commits: [{}, {}, {}], patience: "none" },
    states: 15_679,
  },
  {
    title: "five members, two commits",
    life: { members: 5, commits: [{}, {}] },
    states: 834_546,
    apart: { "taken back": 350947 },
  },
  {
    title: "five members, of which three accept another commit",
    life: { members: 5, commits: [{ acceptedBy: [0, 1] }, { acceptedBy: [2, 3, 4] }] },
    states: 154_317,
    apart: { "taken back": 59048 },
  },
  {
    title: "five members in three parts that accept one commit each",
    life: { members: 5, commits: [{ acceptedBy: [0, 1] }, { acceptedBy: [2, 3] }, { acceptedBy: [4] }] },
    states: 216_190,
    apart: { "taken back": 46564 },
  },
  {
    title: "five members with all candidates, of which one chooses twice",
    life: { members: 5, commits: [{}, {}], twice: [4], isAllHeld: true },
    states: 665_059,
    apart: { "majority dissolved": 43733, "majority dissolved, taken back": 29451, "taken back": 202625 },
    breaches: { "two certified commits": 24645 },
  },
  {
    title: "five members, of which one leaver chooses, as two others know, without a wait",
    life: {
      members: 5,
      commits: [{ leavers: [4] }, {}],
      anyhow: [4],
      leavesKnownTo: [0, 1, 4],
      patience: "none",
    },
    states: 52_394,
    apart: {
      leaves: 1417,
      "leaves, majority dissolved": 137,
      "leaves, majority dissolved, taken back": 18,
      "leaves, taken back": 286,
      "taken back": 963,
    },
  },
  {
    title: "four members and three commits, of which one chooses twice",
    life: { members: 4, commits: [{}, {}, {}], twice: [3] },
    states: 305_153,
    apart: { "taken back": 174238 },
    breaches: { "sure commit overtaken": 25123 },
  },
];
