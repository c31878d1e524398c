/** What a {@link DemlsError} tells besides its code. */
export interface DemlsErrorDetails {
  /** One sentence: what is wrong. */
  readonly message: string;
  /** The argument or setting at fault, where there is one. */
  readonly field?: string;
  /** What the caller can do about it. */
  readonly remedy?: string;
  /** The error underneath. Never one that could carry a secret. */
  readonly cause?: unknown;
}

/**
 * A mistake of the caller, or a fault of something the caller plugged in.
 *
 * Network input never throws one: it yields a typed outcome. Neither the message nor the cause
 * ever holds a secret.
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
  /** What happened, as a literal to branch on. */
  readonly code: Code;
  /** The argument or setting at fault. */
  readonly field: string | undefined;
  /** What the caller can do about it. */
  readonly remedy: string | undefined;

  constructor(code: Code, details: DemlsErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.remedy = details.remedy;
  }
}
