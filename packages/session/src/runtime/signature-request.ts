import type { ConsensusSigner } from "@demls/consensus";
import type { Input } from "../model/input.js";

/** Asks the signer for a signature; the answer is an input. */
export async function signatureInput(
  signer: ConsensusSigner,
  requestId: number,
  message: Uint8Array,
): Promise<Input> {
  try {
    return { kind: "signed", requestId, signature: await signer.sign(message) };
  } catch {
    // A signer's error may contain key material, so only the refusal is passed on.
    return { kind: "signingFailed", requestId };
  }
}
