/** Server-sent events as the operations write them: one line of JSON each, an empty line between two. */
import type { Fields } from './message-json.ts';

const DATA = 'data: ';

/** The data of each event as it comes; reads on when the next is asked for. */
export async function* readEvents(content: AsyncIterable<Buffer>): AsyncGenerator<Fields> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of content) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith(DATA)) yield JSON.parse(line.slice(DATA.length)) as Fields;
    }
  }
}
