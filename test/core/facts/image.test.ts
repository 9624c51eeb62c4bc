import { describe, expect, it } from 'vitest';
import { parseImage, sameRepository } from '../../../src/core/facts/image.ts';

const digest = `sha256:${'0'.repeat(64)}`;

describe('an image reference', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', 'latest', ''],
    ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', ''],
    ['team/app', 'docker.io', 'team/app', 'latest', ''],
    ['docker.io/nginx', 'docker.io', 'library/nginx', 'latest', ''],
    ['index.docker.io/library/nginx:1', 'docker.io', 'library/nginx', '1', ''],
    ['localhost/app:2', 'localhost', 'app', '2', ''],
    ['registry:5000/app', 'registry:5000', 'app', 'latest', ''],
    ['registry:5000/team/app:1.2', 'registry:5000', 'team/app', '1.2', ''],
    ['ghcr.io/a/b/c:v1', 'ghcr.io', 'a/b/c', 'v1', ''],
    [`quay.io/a/b@${digest}`, 'quay.io', 'a/b', '', digest],
    [`nginx:1@${digest}`, 'docker.io', 'library/nginx', '1', digest],
  ])('%s', (reference, ...expected) => {
    const { registry, repository, tag, digest: hash } = parseImage(reference);

    expect([registry, repository, tag, hash]).toEqual(expected);
  });

  it.each([
    ['nginx:1', 'docker.io/library/nginx:2', true],
    ['nginx', 'ghcr.io/library/nginx', false],
    ['team/app', 'team/api', false],
    [`r:5000/a@${digest}`, 'r:5000/a:1', true],
  ])('%s and %s', (a, b, expected) => {
    expect(sameRepository(a, b)).toBe(expected);
  });
});
