/** The parts of an image reference; `registry` is `docker.io` and `tag` is `latest` where they are implied. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Splits `host:5000/team/app:1.2@sha256:…` as container runtimes do (distribution reference grammar). */
export function parseImage(image: string): ImageParts {
  const [name = '', digest = ''] = image.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const rest = hasHost ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const registry = hasHost && first !== 'index.docker.io' ? first : 'docker.io';
  return {
    registry,
    repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
    tag: colon < 0 ? (digest === '' ? 'latest' : '') : rest.slice(colon + 1),
    digest,
  };
}

/** Whether two references name the same registry and repository, whatever the tag. */
export function sameRepository(a: string, b: string): boolean {
  const [left, right] = [parseImage(a), parseImage(b)];
  return left.registry === right.registry && left.repository === right.repository;
}
