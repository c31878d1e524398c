/**
 * The conversation as a value, and the step that moves it: `@demls/session/step`.
 *
 * @packageDocumentation
 */
export * from "@demls/session/step";
