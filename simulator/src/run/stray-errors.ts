/** Errors that no caller of the library catches. */
export interface StrayErrors {
  /** The errors since the last call, as text. */
  take(): readonly string[];
}

/** Collects uncaught exceptions and unhandled rejections of this thread, which would end it. */
export function strayErrors(): StrayErrors {
  let errors: string[] = [];
  const collect = (error: unknown): void => void errors.push(textOf(error));
  process.on("uncaughtException", collect);
  process.on("unhandledRejection", collect);
  return {
    take() {
      const taken = errors;
      errors = [];
      return taken;
    },
  };
}

function textOf(error: unknown): string {
  return `uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
