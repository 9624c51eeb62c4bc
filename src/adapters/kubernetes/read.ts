import type { ReadWords } from '../../core/reading/read-words.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { Asker, Request } from './ask.ts';
import { judgeAnswer, type Refused, type Server } from './judge-answer.ts';
import type { Answer } from './send.ts';
import { unreadable } from './unreadable.ts';

/** Sends a request and sorts its answer; an `answer` is HTTP 200. */
export type Read = (request: Request, words: ReadWords) => Promise<Answer | Refused | Unreadable>;

/** Sends through the question's asker. */
export function reading(asker: Asker, server: () => Server): Read {
  return async (request, words) => {
    const answer = await asker.ask(request);
    if (answer.kind === 'none') {
      return unreadable(answer.why, words, answer.words);
    }
    const judged = judgeAnswer(answer, words, server());
    return judged.kind === 'ok' ? answer : judged;
  };
}
