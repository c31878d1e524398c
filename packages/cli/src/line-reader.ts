/** Maximum line length, in UTF-16 units: sixteen times the largest packet of a session, in base64. */
export const MAX_LINE_LENGTH = 24 * 1_048_576;

/**
 * Splits a UTF-8 stream into lines. Only a line feed ends a line, since JSON may contain the other line separators of
 * Unicode. After {@link MAX_LINE_LENGTH} the further chunks of a line are dropped: memory stays bounded, and the
 * truncated line is still too long to be accepted.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = "";
  for await (const chunk of chunks) {
    const [end = "", ...next] = decoder.decode(chunk, { stream: true }).split("\n");
    if (line.length <= MAX_LINE_LENGTH) line += end;
    for (const beginning of next) {
      yield line;
      line = beginning;
    }
  }
  if (line !== "") yield line;
}
