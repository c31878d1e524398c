import { bytesToHex, concatBytes, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { createDeterministicStewardList, stewardListConfig } from "../src/index.js";
import { RECORDED_CONVERSATION, RECORDED_MEMBERS, recordedBytes } from "./fixtures.js";

/**
 * The rule of strict conversations, computed by another program: the seed is SHA-256 of "de-MLS stewards" and the epoch
 * authenticator, and the order that of SHA-256(epoch u64 BE, round u32 BE, member id, seed). `order` has the places of the
 * recorded members.
 */
const VECTORS = [
  {
    epochAuthenticator: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    seed: "cb325f45df0bc65e1c3f3d55d96d3e4bcba5d577c5fdd4d328f9a8c12389ad84",
    epoch: 4n,
    retryRound: 0,
    order: [1, 4, 0, 3, 2],
  },
  {
    epochAuthenticator: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    seed: "cb325f45df0bc65e1c3f3d55d96d3e4bcba5d577c5fdd4d328f9a8c12389ad84",
    epoch: 4n,
    retryRound: 1,
    order: [4, 3, 0, 2, 1],
  },
  {
    epochAuthenticator: "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    seed: "3433da102a7ec5d241c15d58a3a7b8e7de4f519c5b3db52093aad9a420a02ed1",
    epoch: 4n,
    retryRound: 0,
    order: [0, 3, 1, 2, 4],
  },
  {
    epochAuthenticator: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    seed: "cb325f45df0bc65e1c3f3d55d96d3e4bcba5d577c5fdd4d328f9a8c12389ad84",
    epoch: 18446744073709551615n,
    retryRound: 4294967295,
    order: [3, 2, 0, 4, 1],
  },
];

const plugin = createDeterministicStewardList();
const empty = plugin.create(RECORDED_CONVERSATION, stewardListConfig({ snMin: 1, snMax: 5 }), 1);

describe("A seeded steward list", () => {
  it.each(VECTORS)("has the order of epoch $epoch, round $retryRound", (vector) => {
    const { epoch, retryRound, order } = vector;
    const hash = sha256(
      concatBytes(utf8ToBytes("de-MLS stewards"), recordedBytes(vector.epochAuthenticator)),
    );
    expect(bytesToHex(hash)).toBe(vector.seed);
    const seeded = plugin.withSeed(empty, hash);
    const { state } = plugin.installList(seeded, epoch, RECORDED_MEMBERS, 5, retryRound);
    expect(plugin.currentList(state)?.members).toEqual(order.map((at) => RECORDED_MEMBERS[at]));
    expect(plugin.currentList(state)?.seed).toEqual(hash);
  });

  it("is another one than that of the conversation's name, which a state without a seed derives", () => {
    const seeded = plugin.withSeed(empty, recordedBytes("00".repeat(32)));
    const { members } =
      plugin.currentList(plugin.installList(seeded, 4n, RECORDED_MEMBERS, 5, 0).state) ?? {};
    const named = plugin.currentList(plugin.installList(empty, 4n, RECORDED_MEMBERS, 5, 0).state);
    expect(members).not.toEqual(named?.members);
    expect(named).not.toHaveProperty("seed");
    expect(plugin.withSeed(seeded, undefined)).toEqual(empty);
    expect(plugin.validateProposed(empty, members ?? [], 4n, RECORDED_MEMBERS, 0)).toBe(false);
  });
});
