import type {
  PageActionRequest,
  PageAnswer,
  PageCloseViewRequest,
  PageCommandRequest,
  PageCompletions,
  PageMessageRequest,
  PagePlayRequest,
  PageShortcutRequest,
  PageState,
  PageSubmitRequest,
} from '../../page-api.ts';

/** What can be asked of the stand-in, by the last part of the address. */
interface PageRequests {
  readonly command: PageCommandRequest;
  readonly message: PageMessageRequest;
  readonly action: PageActionRequest;
  readonly submit: PageSubmitRequest;
  readonly 'close-view': PageCloseViewRequest;
  readonly shortcut: PageShortcutRequest;
  readonly home: Readonly<Record<string, never>>;
  readonly play: PagePlayRequest;
}

const GONE: PageAnswer = { ok: false, error: 'Kubewhy does not answer: it was stopped, or the connection is lost.' };

/** The address of something of the stand-in, for whoever sits at this window: `?as=bob` in the address of the page. */
export function pageApi(path: string): string {
  const as = new URLSearchParams(window.location.search).get('as');
  return as === null ? `/page-api/${path}` : `/page-api/${path}?as=${encodeURIComponent(as)}`;
}

/** Tells the stand-in what the person did. Never throws: a lost connection is an answer as well. */
export async function send<Name extends keyof PageRequests>(
  name: Name,
  request: PageRequests[Name],
): Promise<PageAnswer> {
  try {
    const response = await fetch(pageApi(name), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    // The server is our own and answers in these forms only.
    return (await response.json()) as PageAnswer;
  } catch {
    return GONE;
  }
}

/** Everything the page shows. Throws when there is no connection. */
export async function loadState(): Promise<PageState> {
  const response = await fetch(pageApi('state'));
  if (!response.ok) {
    throw new Error(`the state could not be loaded: ${response.status}`);
  }
  // The server is our own and answers in this form only.
  return (await response.json()) as PageState;
}

/** Lines that may replace the typed one; none when they cannot be had. */
export async function loadCompletions(text: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const response = await fetch(`/page-api/complete?text=${encodeURIComponent(text)}`, { signal });
    const { completions } = (await response.json()) as PageCompletions;
    return completions;
  } catch {
    return [];
  }
}

/** The text of a file; undefined when it cannot be read. */
export async function loadFileText(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
