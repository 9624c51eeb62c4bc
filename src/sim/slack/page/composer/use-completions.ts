import { useEffect, useState } from 'react';
import { loadCompletions } from '../session/requests.ts';
import { useSession } from '../session/session.ts';

const DELAY_MS = 80;
const MOST = 8;

/** Lines that may replace the typed one. */
export interface Completions {
  readonly completions: readonly string[];
  /** Closes the list until the text changes. */
  readonly clear: () => void;
}

/** Asks for completions while a command (where commands work), or a mention of the bot, is typed. */
export function useCompletions(text: string, commands: boolean): Completions {
  const { bot, commands: registered } = useSession().state;
  const command = registered[0]?.command ?? '/';
  const mention = `@${bot.name}`;
  const [completions, setCompletions] = useState<readonly string[]>([]);
  useEffect(() => {
    setCompletions((before) =>
      before.length === 0 ? before : before.filter((line) => line.startsWith(text) && line !== text),
    );
    const mentions = text.startsWith('@');
    if (!mentions && !(commands && text.startsWith('/'))) {
      return undefined;
    }
    const asked = mentions ? asCommand(text, mention, command) : text;
    if (asked === undefined) {
      return undefined;
    }
    const abort = new AbortController();
    const ask = async () => {
      const lines = await loadCompletions(asked, abort.signal);
      if (!abort.signal.aborted) {
        const written = lines.map((line) => (mentions ? mention + line.slice(command.length) : line));
        setCompletions(written.filter((line) => line !== text).slice(0, MOST));
      }
    };
    const timer = setTimeout(() => void ask(), DELAY_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, commands, command, mention]);
  return { completions, clear: () => setCompletions([]) };
}

/** A mention is completed as the command that means the same. */
function asCommand(text: string, mention: string, command: string): string | undefined {
  if (text.startsWith(`${mention} `)) {
    return command + text.slice(mention.length);
  }
  return mention.startsWith(text) ? command : undefined;
}
