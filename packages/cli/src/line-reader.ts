/** In UTF-16 units: sixteen times the largest packet that a session takes, in base64. */
export const MAX_LINE_LENGTH = 24 * 1_048_576;

/**
 * The lines of a UTF-8 stream. Only a line feed ends one: what else Unicode calls a line separator may stand
 * in JSON as it is. Of a line longer than {@link MAX_LINE_LENGTH} the rest is dropped, from the next chunk on,
 * so that its beginning is still too long and memory is bounded.
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
