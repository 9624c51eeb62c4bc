import { KubewhyError } from '../errors/kubewhy-error.ts';
import {
  findResourceType,
  isSubjectKind,
  type ResourceType,
  resourceOf,
  SUBJECT_KINDS,
  type SubjectKind,
} from '../subject/kinds.ts';
import { didYouMean, quoted, usageError } from './usage-error.ts';

/** What a person typed as the subject; the namespace may still be the default one. */
export interface SubjectArgument {
  readonly kind?: SubjectKind;
  readonly name: string;
  /** Empty for a cluster-scoped kind. */
  readonly namespace?: string;
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/**
 * Understands `web-0`, `deploy/web`, `deploy web`, `deployment.apps/web` and `Deployment shop/web`; undefined without words.
 * What is in no namespace, such as `node/worker-1`, gets the empty one.
 * Throws USAGE and SUBJECT_INVALID.
 */
export function parseSubject(
  words: readonly string[],
  namespaceOption: string | undefined,
): SubjectArgument | undefined {
  const namespace = namespaceOption === undefined ? undefined : checkNamespace(namespaceOption);
  const [first, second, ...rest] = words;
  if (first === undefined) {
    return undefined;
  }
  if (rest.length > 0) {
    throw usageError(`One subject can be asked about at a time; these are ${words.length} words.`, 'why');
  }
  if (second !== undefined) {
    return kindAndName(first, second, namespace);
  }
  const slash = first.indexOf('/');
  if (slash < 0) {
    return withNamespace({ name: checkName(first) }, namespace);
  }
  const [kind, name] = [first.slice(0, slash), first.slice(slash + 1)];
  return ofKind(subjectKind(kind, name), name, namespace);
}

/** A namespace has a stricter name than other objects. */
function ofKind(kind: SubjectKind, name: string, namespace: string | undefined): SubjectArgument {
  const checked = checkName(name);
  return withNamespace({ kind, name: kind === 'Namespace' ? checkNamespace(checked) : checked }, namespace);
}

function checkNamespace(namespace: string): string {
  if (namespace.length > LONGEST_LABEL || !LABEL.test(namespace)) {
    throw new KubewhyError('SUBJECT_INVALID', {
      message: `${quoted(namespace)} is not a name that a namespace can have.`,
      hint: 'Namespaces have at most 63 lower-case letters, digits and hyphens.',
    });
  }
  return namespace;
}

function kindAndName(typed: string, nameWord: string, namespace: string | undefined): SubjectArgument {
  if (typed.includes('/')) {
    throw usageError('One subject can be asked about at a time.', 'why');
  }
  const kind = subjectKind(typed, nameWord);
  const slash = nameWord.indexOf('/');
  if (slash < 0) {
    return ofKind(kind, nameWord, namespace);
  }
  const own = checkNamespace(nameWord.slice(0, slash));
  if (!resourceOf(kind).namespaced) {
    throw usageError(
      `A ${kind} is in no namespace; name it alone: ${kindWord(kind)}/${nameWord.slice(slash + 1)}.`,
      'why',
    );
  }
  if (namespace !== undefined && namespace !== own) {
    throw usageError(`The subject says namespace ${own} and -n says ${namespace}.`, 'why');
  }
  return { kind, name: checkName(nameWord.slice(slash + 1)), namespace: own };
}

/** A cluster-scoped kind is in no namespace, whatever -n says; kubectl sees it the same way. */
function withNamespace(subject: SubjectArgument, namespace: string | undefined): SubjectArgument {
  if (subject.kind !== undefined && !resourceOf(subject.kind).namespaced) {
    return { ...subject, namespace: '' };
  }
  return namespace === undefined ? subject : { ...subject, namespace };
}

function subjectKind(word: string, name: string): SubjectKind {
  const type = word.length > LONGEST_NAME ? undefined : findResourceType(word);
  if (type === undefined || !groupFits(word, type)) {
    throw unsupported(
      word,
      name,
      `There is no kind ${quoted(word)} that Kubewhy knows.${didYouMean(word.toLowerCase(), kindWords())}`,
    );
  }
  if (!isSubjectKind(type.kind)) {
    throw unsupported(word, name, `Kubewhy cannot be asked about a ${type.kind}.`);
  }
  return type.kind;
}

/** `deployment.apps` and `deployments.v1.apps` name their group as well. */
function groupFits(word: string, { group, version }: ResourceType): boolean {
  const suffix = word.toLowerCase().split('.').slice(1).join('.');
  return suffix === '' || suffix === group || suffix === `${version}.${group}`;
}

/** The usual short word of a kind: `pod`, `deploy`, `job`. */
export function kindWord(kind: SubjectKind): string {
  return kind === 'Pod' ? 'pod' : (resourceOf(kind).shortNames[0] ?? kind.toLowerCase());
}

/** Every word by which a kind that can be asked about is known. */
function kindWords(): readonly string[] {
  return SUBJECT_KINDS.flatMap((kind) => {
    const { resource, shortNames } = resourceOf(kind);
    return [kind.toLowerCase(), ...shortNames, resource];
  });
}

function unsupported(word: string, name: string, message: string): KubewhyError {
  const supported = SUBJECT_KINDS.map(kindWord).join(', ');
  const asNamespace =
    findResourceType(word) === undefined && LABEL.test(word) && isName(name)
      ? ` If ${word} is a namespace: \`kubewhy why -n ${word} ${name}\`.`
      : '';
  return new KubewhyError('SUBJECT_INVALID', {
    message: `${message} It can be: ${supported}.`,
    hint: `Name a pod (\`web-0\`) or a kind and a name (\`deploy/web\`).${asNamespace}`,
  });
}

function checkName(name: string): string {
  if (isName(name)) {
    return name;
  }
  const lower = name.toLowerCase();
  const near = lower !== name && isName(lower) ? ` Did you mean \`${lower}\`?` : '';
  const what =
    name === ''
      ? 'The name of the subject is missing.'
      : `${quoted(name)} is not a name that Kubernetes allows.${near}`;
  throw new KubewhyError('SUBJECT_INVALID', {
    message: what,
    hint: 'Names have at most 253 lower-case letters, digits, hyphens and dots, and begin and end with a letter or digit.',
  });
}

function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && name.split('.').every((part) => LABEL.test(part));
}
