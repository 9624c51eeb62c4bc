import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { templateChange, templateImages } from '../../../src/core/triage/template-change.ts';

function template(container: JsonObject, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { metadata, spec: { ...spec, containers: [{ name: 'web', image: 'web:1', ...container }] } };
}

describe('templateChange', () => {
  it('names both images', () => {
    expect(templateChange(template({}), template({ image: 'web:2' }))).toBe('image of web changed from web:1 to web:2');
  });

  it('names parts without their values', () => {
    const before = template({ env: [{ name: 'TOKEN', value: 'a' }] }, { nodeSelector: { zone: 'a' } });
    const after = template({ env: [{ name: 'TOKEN', value: 'b' }], args: ['-v'] }, { nodeSelector: { zone: 'b' } });

    expect(templateChange(before, after)).toBe('its pod template changed (args, env and nodeSelector)');
  });

  it('says of which container a part is when there are several', () => {
    const sidecar = { initContainers: [{ name: 'setup', image: 'setup:1' }] };
    const before = template({}, sidecar);
    const after = template({ image: 'web:2', env: [] }, sidecar);

    expect(templateChange(before, after)).toBe(
      'image of web changed from web:1 to web:2; its pod template changed (env of web)',
    );
  });

  it('names containers that came and went', () => {
    const before = template({}, { initContainers: [{ name: 'setup' }] });
    const after = { spec: { containers: [{ name: 'web', image: 'web:1' }, { name: 'proxy' }] } };

    expect(templateChange(before, after)).toBe('container proxy was added; container setup was removed');
  });

  it('ignores what controllers add and the order of keys', () => {
    const before = template({ resources: { limits: { cpu: '1', memory: '1Gi' } } }, {}, { labels: { app: 'web' } });
    const after = template(
      { resources: { limits: { memory: '1Gi', cpu: '1' } } },
      {},
      { labels: { app: 'web', 'pod-template-hash': '5d9c' } },
    );

    expect(templateChange(before, after)).toBe('its pod template changed');
  });

  it('tells a restart from other annotations', () => {
    const restarted = { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-31T11:50:00Z' } };
    const annotated = { annotations: { team: 'a' } };

    expect(templateChange(template({}), template({}, {}, restarted))).toBe(
      'its pods were restarted (kubectl rollout restart)',
    );
    expect(templateChange(template({}), template({}, {}, annotated))).toBe('its pod template changed (annotations)');
  });

  it('prints hostile text safely and shortly', () => {
    const image = `web:\u001b[31mred\u202e${'x'.repeat(1000)}`;

    const words = templateChange(template({}), template({ image }));

    expect(words).toMatch(/^image of web changed from web:1 to web:red\\u\{202e\}x+…$/);
    expect(words.length).toBeLessThan(250);
  });
});

describe('templateImages', () => {
  it('lists the images', () => {
    expect(templateImages(template({}, { initContainers: [{ name: 'setup', image: 'setup:1' }] }))).toBe(
      'setup:1 and web:1',
    );
  });
});
