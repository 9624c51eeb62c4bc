import { expect, it } from 'vitest';
import { silenceModal } from '../../../../src/adapters/slack/messages/silence-modal.ts';
import type { SilenceForm } from '../../../../src/ports/bot.ts';

const FORM: SilenceForm = {
  incident: 'i-1',
  title: 'KubePodCrashLooping: Pod shop/web-0',
  alertmanagers: ['main'],
  matchers: ['alertname="KubePodCrashLooping"'],
  choices: [{ label: '1 hour', minutes: 60 }],
};

it.each([
  [FORM, '`KubePodCrashLooping: Pod shop/web-0` and all others that fit make no noise.'],
  [{ ...FORM, everyCluster: true as const }, 'silence the alerts of all clusters'],
])('says what is silenced: %j', (form, words) => {
  const [about] = silenceModal(form, 'place').blocks;

  expect(about).toMatchObject({ type: 'section', text: { text: expect.stringContaining(words) } });
});
