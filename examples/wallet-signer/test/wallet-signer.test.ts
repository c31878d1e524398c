import { createEthereumSigner, ethereumVerifier } from "@demls/consensus";
import { voteSignerContract } from "@demls/testkit";
import { bytesToHex, hexToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { Eip1193Provider } from "../src/eip1193.js";
import { createToyWallet, type ToyWallet } from "../src/toy-wallet.js";
import { createWalletSigner } from "../src/wallet-signer.js";

const KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
const MESSAGE = Uint8Array.of(0, 10, 255);
const own = createEthereumSigner(KEYS[0]);

let wallet: ToyWallet;
let refusals: unknown[];

beforeEach(() => {
  wallet = createToyWallet(KEYS);
  refusals = [];
});

const signerOf = (provider: Eip1193Provider) =>
  createWalletSigner(provider, { onRefusal: (error) => refusals.push(error) });

/** Wraps a wallet, with other responses to `method`. */
function answering(method: string, change: (answer: string) => unknown): Eip1193Provider {
  return {
    async request(call) {
      const answer = await wallet.request(call);
      return call.method === method ? change(answer as string) : answer;
    },
  };
}

describe("The wallet signer", () => {
  const createSigner = (key: number) => signerOf(createToyWallet([new Uint8Array(32).fill(key)]));
  for (const { name, run } of voteSignerContract({ createSigner, verifier: ethereumVerifier }))
    test(name, run);
});

describe("A wallet's signature", () => {
  test("equals the signature of the account's key, and is valid for the account", async () => {
    const signer = await signerOf(wallet);
    const signature = await signer.sign(MESSAGE);
    expect(signer.identity).toEqual(own.identity);
    expect(signature).toEqual(own.sign(MESSAGE));
    expect(await ethereumVerifier.verify(signer.identity, MESSAGE, signature)).toBe("valid");
  });

  test("is requested by personal_sign, with the message in hex and the account as the wallet spells it", async () => {
    const calls: unknown[] = [];
    const signer = await signerOf({ request: (call) => (calls.push(call), wallet.request(call)) });
    await signer.sign(MESSAGE);
    const [account] = (await wallet.request({ method: "eth_requestAccounts" })) as string[];
    expect(calls).toEqual([
      { method: "eth_requestAccounts" },
      { method: "personal_sign", params: ["0x000aff", account] },
    ]);
  });

  test("is normalised if the wallet writes v as 0 or 1", async () => {
    const low = (answer: string): string => {
      const bytes = hexToBytes(answer.slice(2)) as Uint8Array;
      return `0x${bytesToHex(bytes.with(64, bytes[64]! - 27))}`;
    };
    const signer = await signerOf(answering("personal_sign", low));
    expect(await signer.sign(MESSAGE)).toEqual(own.sign(MESSAGE));
  });

  test("awaits the owner's confirmation", async () => {
    let confirm!: (confirmed: boolean) => void;
    wallet.owner = () => new Promise((resolve) => (confirm = resolve));
    const signature = (await signerOf(wallet)).sign(MESSAGE);
    confirm(true);
    expect(await signature).toEqual(own.sign(MESSAGE));
  });
});

describe("A failed signature is rejected and reported", () => {
  async function expectRefusal(provider: Eip1193Provider, code: string): Promise<void> {
    const signer = await signerOf(provider);
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code });
    expect(refusals).toMatchObject([{ code }]);
  }

  test("if the owner declines", async () => {
    wallet.owner = () => false;
    await expectRefusal(wallet, "wallet-declined");
  });

  test("if the wallet signs with another account", async () => {
    const signer = await signerOf(wallet);
    wallet.choose(1);
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: "wrong-account" });
    expect(refusals).toMatchObject([{ code: "wrong-account" }]);
  });

  test.each([
    ["a word", () => "yes"],
    ["nothing", () => null],
    ["a signature cut short", (answer: string) => answer.slice(0, -2)],
    ["one in a form of its own", (answer: string) => ({ signature: answer })],
  ])("where it answers with %s", async (_, change) => {
    await expectRefusal(answering("personal_sign", change), "no-signature");
  });

  test("with the wallet's own error otherwise", async () => {
    wallet.owner = () => Promise.reject(Object.assign(new Error("Locked."), { code: 4100 }));
    const signer = await signerOf(wallet);
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ message: "Locked.", code: 4100 });
    expect(refusals).toMatchObject([{ code: 4100 }]);
  });

  test("on creation, if the wallet has no account", async () => {
    await expect(signerOf(createToyWallet([]))).rejects.toMatchObject({ code: "no-account" });
  });
});
