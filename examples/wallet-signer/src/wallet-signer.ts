import { canonicalSignature, ethereumVerifier, type ConsensusSigner } from "@demls/consensus";
import { bytesToHex, DemlsError, hexToBytes, memberIdToBytes, parseMemberId } from "@demls/wire/core";
import { isDeclined, type Eip1193Provider } from "./eip1193.js";

/** Options of {@link createWalletSigner}. */
export interface WalletSignerOptions {
  /**
   * Called with the reason for which nothing was signed. Errors and events of the library omit it, since a signer's error
   * may contain secrets.
   */
  readonly onRefusal?: (error: unknown) => void;
}

/**
 * Creates a signer that signs votes and the identity statement with a wallet by `personal_sign`. The wallet's current account becomes the user's
 * identity.
 *
 * @throws DemlsError `no-account` if the wallet has no account; errors of the wallet.
 */
export async function createWalletSigner(
  wallet: Eip1193Provider,
  { onRefusal = () => undefined }: WalletSignerOptions = {},
): Promise<ConsensusSigner> {
  const [account] = (await wallet.request({ method: "eth_requestAccounts" })) as readonly string[];
  if (account === undefined) throw noAccount();
  const identity = memberIdToBytes(parseMemberId(account));

  async function sign(message: Uint8Array): Promise<Uint8Array> {
    // The wallet adds the prefix of EIP-191 and hashes the message.
    const params = [`0x${bytesToHex(message)}`, account];
    const answer = await wallet.request({ method: "personal_sign", params });
    // Some wallets write v as 0 or 1.
    const signature = canonicalSignature(hexToBytes(String(answer).replace(/^0x/, "")) ?? new Uint8Array());
    if (signature === undefined) throw noSignature();
    // A wallet may sign with its current account. Members would reject that signature, so that it is not sent.
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
    message: "The signature was declined in the wallet.",
    remedy: "Try again, and confirm it there.",
  });
}

function wrongAccount(account: string | undefined): DemlsError<"wrong-account"> {
  return new DemlsError("wrong-account", {
    message: "The wallet signed with another account.",
    remedy: `Choose ${account} in the wallet, and try again.`,
  });
}

function noSignature(): DemlsError<"no-signature"> {
  return new DemlsError("no-signature", {
    message: "The wallet did not return a signature.",
    remedy: "Choose an account with a secp256k1 key, and not a smart contract wallet.",
  });
}

function noAccount(): DemlsError<"no-account"> {
  return new DemlsError("no-account", {
    message: "The wallet has no account.",
    remedy: "Create an account in the wallet.",
  });
}
