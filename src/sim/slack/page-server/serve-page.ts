import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { parseJson, readBody } from '../http/read-body.ts';
import { sendJson, sendText } from '../http/send.ts';
import type { PageAnswer, PageCompletions } from '../page-api.ts';
import type { SimState } from '../state.ts';
import { act, closeView, openHome, play, postText, submitView, typeCommand, useShortcut } from './page-acts.ts';
import { streamEvents } from './page-events.ts';
import { pageState, viewerNamed } from './page-json.ts';
import { PAGE_REQUESTS, type PageRequestName } from './page-requests.ts';
import type { PageParts, PageServed } from './page-served.ts';
import { isFromLoopback } from './same-origin.ts';
import { serveStatic } from './static-files.ts';

const API = '/page-api/';

/** Answers everything that belongs to the page. */
export async function servePage(parts: PageParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = parts;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
  const viewer = viewerNamed(state, searchParams.get('as'));
  const served = { ...parts, viewer };
  if (!isFromLoopback(request)) {
    sendJson(response, { ok: false, error: 'forbidden' }, 403);
    return;
  }
  if (request.method === 'POST') {
    await servePost(served, pathname, request, response);
  } else if (pathname === `${API}state`) {
    sendJson(response, pageState(state, viewer));
  } else if (pathname === `${API}events`) {
    streamEvents(served, request, response);
  } else if (pathname === `${API}complete`) {
    sendJson(response, await completionsFor(state, searchParams.get('text') ?? ''));
  } else if (pathname.startsWith(`${API}files/`)) {
    serveFile(state, pathname.slice(`${API}files/`.length), response);
  } else {
    await serveStatic(state.options.page?.folder, pathname, response);
  }
}

async function completionsFor(state: SimState, text: string): Promise<PageCompletions> {
  return { completions: (await state.options.page?.complete?.(text)) ?? [] };
}

function serveFile(state: SimState, id: string, response: ServerResponse): void {
  const file = state.files.find(id);
  if (file === undefined) {
    sendText(response, 'not found', 404);
    return;
  }
  response.writeHead(200, {
    // Cluster text must never run as a page of this origin.
    'content-type': file.mimetype.startsWith('image/') ? file.mimetype : 'text/plain; charset=utf-8',
    'content-disposition': `inline; filename="${encodeURIComponent(file.name)}"`,
    'x-content-type-options': 'nosniff',
  });
  response.end(file.content);
}

async function servePost(
  served: PageServed,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = pathname.startsWith(API) ? pathname.slice(API.length) : '';
  const body = parseJson((await readBody(request)).toString());
  if (!isRequestName(name)) {
    sendJson(response, { ok: false, error: 'no such page' } satisfies PageAnswer, 404);
    return;
  }
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    sendJson(response, { ok: false, error: 'the body must be application/json' } satisfies PageAnswer, 415);
    return;
  }
  sendJson(response, await perform(served, name, body));
}

function isRequestName(name: string): name is PageRequestName {
  return Object.hasOwn(PAGE_REQUESTS, name);
}

async function perform(served: PageServed, name: PageRequestName, body: unknown): Promise<PageAnswer> {
  try {
    return await DO[name](served, body);
  } catch (error) {
    return { ok: false, error: describe(error) };
  }
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) {
    return z.prettifyError(error);
  }
  return error instanceof Error ? error.message : 'failed';
}

const DO: Readonly<Record<PageRequestName, (served: PageServed, body: unknown) => Promise<PageAnswer>>> = {
  command: (served, body) => typeCommand(served, PAGE_REQUESTS.command.parse(body)),
  message: (served, body) => postText(served, PAGE_REQUESTS.message.parse(body)),
  action: (served, body) => act(served, PAGE_REQUESTS.action.parse(body)),
  submit: (served, body) => submitView(served, PAGE_REQUESTS.submit.parse(body)),
  'close-view': (served, body) => closeView(served, PAGE_REQUESTS['close-view'].parse(body)),
  shortcut: (served, body) => useShortcut(served, PAGE_REQUESTS.shortcut.parse(body)),
  home: (served) => openHome(served),
  play: (served, body) => play(served, PAGE_REQUESTS.play.parse(body)),
};
