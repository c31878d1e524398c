/** Details of a {@link DemlsError} besides its code. */
export interface DemlsErrorDetails {
  /** Message of one sentence. */
  readonly message: string;
  /** The argument or setting at fault, if any. */
  readonly field?: string;
  /** Advice to the caller. */
  readonly remedy?: string;
  /** The underlying error, never one that could carry a secret. */
  readonly cause?: unknown;
}

/**
 * Error for a mistake of the caller or a fault of a plug-in.
 *
 * Network input never causes one: it yields a typed outcome. Neither the message nor the cause holds a secret.
 *
 * @example
 * ```ts
 * try {
 *   await garden.proposeRemove(stranger).accepted;
 * } catch (error) {
 *   if (error instanceof DemlsError && error.code === "not-a-member") console.log(error.remedy);
 * }
 * ```
 */
export class DemlsError<Code extends string = string> extends Error {
  override readonly name = "DemlsError";
  /** Error code, a literal for comparisons. */
  readonly code: Code;
  /** The argument or setting at fault. */
  readonly field: string | undefined;
  /** Advice to the caller. */
  readonly remedy: string | undefined;

  constructor(code: Code, details: DemlsErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.remedy = details.remedy;
  }
}
