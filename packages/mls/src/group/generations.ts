import type { MlsContext } from "../client/mls-context.js";
import { deriveTreeSecret, type GenerationSecret, type SecretTreeNode } from "../ts-mls.js";
import { withSecretTree, type TsMlsGroup } from "./mls-group.js";

/**
 * Next generation that a member seals with, for each of its two ratchets in an epoch (RFC 9420 § 9.1). Both start at 0
 * in every epoch.
 */
export interface Generations {
  /** Proposals and commits. */
  readonly handshake: number;
  /** Application messages. */
  readonly application: number;
}

/** See {@link MlsService.generations}. */
export function generations(group: TsMlsGroup): Generations {
  const { handshake, application } = ownRatchets(group);
  return { handshake: handshake.generation, application: application.generation };
}

/** See {@link MlsService.skipGenerations}. */
export async function skipGenerations(
  context: MlsContext,
  group: TsMlsGroup,
  to: Generations,
): Promise<TsMlsGroup> {
  const own = ownRatchets(group);
  const node = {
    handshake: await skip(context, own.handshake, to.handshake),
    application: await skip(context, own.application, to.application),
  };
  return withSecretTree(group, group.state.secretTree.with(ownNode(group), node));
}

async function skip({ suite }: MlsContext, from: GenerationSecret, to: number): Promise<GenerationSecret> {
  let ratchet = from;
  while (ratchet.generation < to) {
    const { secret, generation } = ratchet;
    const next = await deriveTreeSecret(secret, "secret", generation, suite.kdf.size, suite.kdf);
    ratchet = { ...ratchet, secret: next, generation: generation + 1 };
  }
  return ratchet;
}

function ownRatchets(group: TsMlsGroup): SecretTreeNode {
  const ratchets = group.state.secretTree[ownNode(group)];
  if (ratchets === undefined) throw new Error("A member has no ratchets of its own.");
  return ratchets;
}

function ownNode({ state }: TsMlsGroup): number {
  return 2 * state.privatePath.leafIndex;
}
