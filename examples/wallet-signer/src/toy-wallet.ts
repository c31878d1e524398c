import { checksumAddress, createEthereumSigner } from "@demls/consensus";
import { bytesToHex, hexToBytes } from "@demls/wire/core";
import { USER_REJECTED_REQUEST, type Eip1193Error, type Eip1193Provider } from "./eip1193.js";

/** An in-memory wallet. Each signature awaits its owner's confirmation. */
export interface ToyWallet extends Eip1193Provider {
  /** Called for each signature; by default the owner confirms. */
  owner: () => boolean | Promise<boolean>;
  /** Signs with this account from now on, even if the page requests another one. A real wallet should not do this. */
  choose(account: number): void;
}

/** Creates a wallet with these keys. */
export function createToyWallet(keys: readonly Uint8Array[]): ToyWallet {
  const accounts = keys.map(createEthereumSigner);
  let [chosen] = accounts;

  async function signature(message: string): Promise<string> {
    if (!(await wallet.owner())) throw rejected();
    const bytes = hexToBytes(message.slice(2));
    if (chosen === undefined || bytes === undefined) throw new Error("The wallet cannot sign that.");
    return `0x${bytesToHex(chosen.sign(bytes))}`;
  }

  const wallet: ToyWallet = {
    owner: () => true,
    choose: (account) => (chosen = accounts[account]),
    async request({ method, params = [] }) {
      if (method === "eth_requestAccounts") return chosen ? [checksumAddress(chosen.identity)] : [];
      if (method === "personal_sign") return signature(params[0] as string);
      throw new Error(`The wallet does not support ${method}.`);
    },
  };
  return wallet;
}

function rejected(): Eip1193Error {
  return Object.assign(new Error("User rejected the request."), { code: USER_REJECTED_REQUEST });
}
