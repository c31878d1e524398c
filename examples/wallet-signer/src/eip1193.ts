/** A browser wallet, such as `window.ethereum` (EIP-1193). */
export interface Eip1193Provider {
  /** Rejects with an {@link Eip1193Error} if the owner or the wallet declines. */
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** Error codes of EIP-1193. */
export const USER_REJECTED_REQUEST = 4001;

/** Error of a provider. */
export interface Eip1193Error extends Error {
  readonly code: number;
}

/** Whether the owner has declined. */
export function isDeclined(error: unknown): boolean {
  return error instanceof Error && (error as Partial<Eip1193Error>).code === USER_REJECTED_REQUEST;
}
