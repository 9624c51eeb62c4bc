import { kindWord, parseSubject, type SubjectArgument } from '../../core/command/subject-argument.ts';
import { nameOf } from '../../core/recording/object-parts.ts';
import { findResourceType } from '../../core/subject/kinds.ts';
import { namespaceOption } from '../../core/subject/subject.ts';
import type { RecordingContent } from './recording-content.ts';
import type { SimSubject } from './world.ts';

/** The subject of a recording as it can be asked about; undefined when the recording does not hold it. */
export function recordedSubject({ subject, namespaces, objects }: RecordingContent): SimSubject | undefined {
  const parsed = parseRecorded(subject);
  if (parsed === undefined) {
    return undefined;
  }
  const { kind, name, namespace = namespaces[0] ?? 'default' } = parsed;
  const exists = objects.some((object) => nameOf(object).name === name && nameOf(object).namespace === namespace);
  const word = kind === undefined || kind === 'Pod' ? '' : `${kindWord(kind)}/`;
  const text = `${word}${name}${namespaceOption(namespace)}`;
  return exists ? { ...(kind === undefined ? {} : { kind }), namespace, name, text } : undefined;
}

/** Recordings write `pod/web-0 -n shop`, `Pod shop/web-0` and `shop/web-0`. */
function parseRecorded(text: string): SubjectArgument | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  const namespace = at < 0 ? undefined : words[at + 1];
  const rest = at < 0 ? words : words.toSpliced(at, 2);
  const [first = '', ...more] = rest;
  const titled = more.length === 0 && first.includes('/') && findResourceType(first.split('/')[0] ?? '') === undefined;
  return parseSubject(titled ? ['Pod', first] : rest, namespace);
}
