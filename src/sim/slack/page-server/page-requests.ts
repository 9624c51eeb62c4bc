import { z } from 'zod';
import type {
  PageActionRequest,
  PageCloseViewRequest,
  PageCommandRequest,
  PageMessageRequest,
  PagePlayRequest,
  PageShortcutRequest,
  PageSubmitRequest,
} from '../page-api.ts';

const option = z.looseObject({ text: z.looseObject({ type: z.string() }), value: z.string().exactOptional() });
const values = z.record(z.string(), z.record(z.string(), z.looseObject({ type: z.string() })));
const name = z.string().min(1).max(255);
const line = z.string().min(1).max(12_000);

interface PageBodies {
  readonly command: z.ZodType<PageCommandRequest>;
  readonly message: z.ZodType<PageMessageRequest>;
  readonly action: z.ZodType<PageActionRequest>;
  readonly submit: z.ZodType<PageSubmitRequest>;
  readonly 'close-view': z.ZodType<PageCloseViewRequest>;
  readonly shortcut: z.ZodType<PageShortcutRequest>;
  readonly home: z.ZodType<object>;
  readonly play: z.ZodType<PagePlayRequest>;
}

/** The bodies of the page's POSTs, by path. */
export const PAGE_REQUESTS: PageBodies = {
  command: z.object({ channel: name, text: line }),
  message: z.object({ channel: name, text: line, thread_ts: name.exactOptional() }),
  action: z.object({
    channel: name.exactOptional(),
    message_ts: name.exactOptional(),
    view_id: name.exactOptional(),
    block_id: name,
    action_id: name,
    value: z.string().exactOptional(),
    selected_option: option.exactOptional(),
    selected_options: z.array(option).exactOptional(),
    values: values.exactOptional(),
  }),
  submit: z.object({ view_id: name, values }),
  'close-view': z.object({ view_id: name }),
  shortcut: z.object({ channel: name, message_ts: name, callback_id: name }),
  home: z.object({}),
  play: z.object({ offer: name }),
};

/** The name of a POST below `/page-api/`. */
export type PageRequestName = keyof PageBodies;
