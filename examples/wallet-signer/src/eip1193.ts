/** What a browser wallet is for a page, such as `window.ethereum` (EIP-1193). */
export interface Eip1193Provider {
  /** Rejects with an {@link Eip1193Error} where the owner or the wallet refuses. */
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** Codes of EIP-1193. */
export const USER_REJECTED_REQUEST = 4001;

/** What a provider rejects with. */
export interface Eip1193Error extends Error {
  readonly code: number;
}

/** Whether the owner has declined. */
export function isDeclined(error: unknown): boolean {
  return error instanceof Error && (error as Partial<Eip1193Error>).code === USER_REJECTED_REQUEST;
}
