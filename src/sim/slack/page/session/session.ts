import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { PageAnswer, PageState } from '../../page-api.ts';
import { send } from './requests.ts';
import { useLiveState } from './use-live-state.ts';

/** Something that Slack would show near the composer. */
export interface Notice {
  readonly id: number;
  /** Where it is shown; everywhere when absent. */
  readonly channel?: string;
  readonly text: string;
}

/** What the parts of the page share. */
export interface Session {
  readonly state: PageState;
  readonly connected: boolean;
  readonly notices: readonly Notice[];
  /** Sends something and shows why it was refused, if it was. */
  readonly deliver: typeof send;
  readonly dismiss: (notice: Notice) => void;
}

/** The session of the page. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** The session; only below its provider. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) {
    throw new TypeError('there is no session here');
  }
  return session;
}

/** Loads the state, keeps it up to date, and collects notices; undefined until there is a first state. */
export function useNewSession(): Session | undefined {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const notify = useCallback((text: string, channel?: string) => {
    setNotices((before) => withNotice(before, text, channel));
  }, []);
  const { state, connected } = useLiveState(notify);
  const deliver: typeof send = useCallback(
    async (name, request) => {
      // What went wrong before is no longer of interest.
      setNotices([]);
      const answer: PageAnswer = await send(name, request);
      if (!answer.ok && answer.errors === undefined) {
        notify(answer.error, channelOf(request));
      }
      return answer;
    },
    [notify],
  );
  const dismiss = useCallback(
    (notice: Notice) => setNotices((before) => before.filter(({ id }) => id !== notice.id)),
    [],
  );
  return useMemo(
    () => (state === undefined ? undefined : { state, connected, notices, deliver, dismiss }),
    [state, connected, notices, deliver, dismiss],
  );
}

/** The same sentence comes as an event and as an answer; it is shown once. */
function withNotice(notices: readonly Notice[], text: string, channel: string | undefined): readonly Notice[] {
  if (notices.some((notice) => notice.text === text)) {
    return notices;
  }
  const id = (notices.at(-1)?.id ?? 0) + 1;
  return [...notices.slice(-2), { id, text, ...(channel === undefined ? {} : { channel }) }];
}

function channelOf(request: object): string | undefined {
  return 'channel' in request && typeof request.channel === 'string' ? request.channel : undefined;
}
