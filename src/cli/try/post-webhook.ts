import { setTimeout as sleep } from 'node:timers/promises';

/** Where alerts are sent, and with what. */
export interface WebhookTarget {
  readonly url: string;
  readonly token: string;
}

const ANSWER_MS = 30_000;
const MOST_TRIES = 10;
const AGAIN_AFTER_MS = 1000;

/** Posts a payload, and again while it is answered with a 5xx, as Alertmanager does. Throws when it is not taken. */
export async function postWebhook({ url, token }: WebhookTarget, payload: object, ended: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
      signal: AbortSignal.any([ended, AbortSignal.timeout(ANSWER_MS)]),
    });
    const text = await response.text();
    if (response.ok) {
      return;
    }
    if (response.status < 500 || tries >= MOST_TRIES) {
      throw new Error(`the bot answers with ${response.status}: ${text.trim()}`);
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal: ended });
  }
}
