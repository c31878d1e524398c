import { canonicalSignature, ethereumVerifier, type ConsensusSigner } from "@demls/consensus";
import { bytesToHex, DemlsError, hexToBytes, memberIdToBytes, parseMemberId } from "@demls/wire/core";
import { isDeclined, type Eip1193Provider } from "./eip1193.js";

/** How {@link createWalletSigner} tells what became of a request. */
export interface WalletSignerOptions {
  /**
   * Told why a vote was not signed, to show it to people: the conversation's `error` event leaves it out, since a
   * signer's errors may hold what is secret.
   */
  readonly onRefusal?: (error: unknown) => void;
}

/**
 * A signer whose votes a wallet signs: by `personal_sign`, with the account that is chosen in it now. That account is
 * the user's identity from then on.
 *
 * @throws DemlsError `no-account` where the wallet gives none; what the wallet rejects with.
 */
export async function createWalletSigner(
  wallet: Eip1193Provider,
  { onRefusal = () => undefined }: WalletSignerOptions = {},
): Promise<ConsensusSigner> {
  const [account] = (await wallet.request({ method: "eth_requestAccounts" })) as readonly string[];
  if (account === undefined) throw noAccount();
  const identity = memberIdToBytes(parseMemberId(account));

  async function sign(message: Uint8Array): Promise<Uint8Array> {
    // The wallet adds the prefix of EIP-191 and hashes: it is given the message as it is.
    const params = [`0x${bytesToHex(message)}`, account];
    const answer = await wallet.request({ method: "personal_sign", params });
    // Some wallets write v as 0 or 1.
    const signature = canonicalSignature(hexToBytes(String(answer).replace(/^0x/, "")) ?? new Uint8Array());
    if (signature === undefined) throw noSignature();
    // A wallet may sign with the account that is chosen now. Nobody would count that vote, so it stays here.
    if ((await ethereumVerifier.verify(identity, message, signature)) !== "valid")
      throw wrongAccount(account);
    return signature;
  }

  return {
    identity,
    async sign(message) {
      try {
        return await sign(message);
      } catch (error) {
        const refusal = isDeclined(error) ? declined() : error;
        onRefusal(refusal);
        throw refusal;
      }
    },
  };
}

function declined(): DemlsError<"wallet-declined"> {
  return new DemlsError("wallet-declined", {
    message: "The vote was declined in the wallet.",
    remedy: "Vote again, and confirm it there.",
  });
}

function wrongAccount(account: string | undefined): DemlsError<"wrong-account"> {
  return new DemlsError("wrong-account", {
    message: "The wallet signed with another account.",
    remedy: `Choose ${account} in the wallet, and vote again.`,
  });
}

function noSignature(): DemlsError<"no-signature"> {
  return new DemlsError("no-signature", {
    message: "The wallet answered with something that is no signature.",
    remedy: "Choose an account whose key is a secp256k1 key: no smart contract wallet.",
  });
}

function noAccount(): DemlsError<"no-account"> {
  return new DemlsError("no-account", {
    message: "The wallet gave no account.",
    remedy: "Create an account in the wallet.",
  });
}
