import { parseSubject, type SubjectArgument } from '../core/command/subject-argument.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import { findResourceType } from '../core/subject/kinds.ts';

/**
 * Understands the subject of a recording: what `kubewhy why` accepts, `shop/web-0` as answers show it, and `-n shop`
 * among the words. Throws USAGE, SUBJECT_INVALID, RECORDING_INVALID.
 */
export function parseRecordedSubject(text: string, namespaceOption?: string): SubjectArgument {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  const named = at < 0 ? undefined : words[at + 1];
  const rest = at < 0 ? words : words.toSpliced(at, 2);
  const [first = '', ...more] = rest;
  const kind = first.split('/')[0] ?? '';
  const titled = more.length === 0 && first.includes('/') && findResourceType(kind) === undefined;
  const subject = parseSubject(titled ? ['Pod', first] : rest, namespaceOption ?? named);
  if (subject === undefined) {
    throw new KubewhyError('RECORDING_INVALID', {
      message: 'The recording does not say which object it is about.',
      hint: 'Name the object: `kubewhy why --from <folder> <subject>`.',
    });
  }
  return subject;
}
