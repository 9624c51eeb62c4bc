import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { PageParts } from '../page-server/page-served.ts';
import { servePage } from '../page-server/serve-page.ts';
import { serveApi } from '../web-api/api-server.ts';
import type { Methods } from '../web-api/method.ts';
import { serveResponseUrl } from '../web-api/response-url.ts';
import { serveUpload } from '../web-api/upload.ts';
import { sendText } from './send.ts';

/** What requests are answered with. */
export interface Served extends PageParts {
  readonly methods: Methods;
}

/** The listener of the one server: Web API, uploads, `response_url`s and the page. */
export function serve(served: Served): RequestListener {
  return (request, response) => {
    route(served, request, response).catch((error: unknown) => {
      // A defect of the stand-in must fail the test that met it.
      served.state.problems.push(`slack-sim itself failed at ${request.url ?? ''}: ${describe(error)}`);
      if (response.headersSent) {
        response.destroy();
      } else {
        sendText(response, 'slack-sim failed', 500);
      }
    });
  };
}

function route({ state, methods, drivers }: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith('/api/')) {
    return serveApi(state, methods, request, response);
  }
  if (path.startsWith('/response/')) {
    return serveResponseUrl(state, request, response);
  }
  if (path.startsWith('/upload/')) {
    return serveUpload(state, request, response);
  }
  return servePage({ state, drivers }, request, response);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
