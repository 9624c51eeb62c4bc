import { kindWord, type SubjectArgument } from '../../core/command/subject-argument.ts';

/** A question as somebody could type it. */
export interface TypedQuestion {
  readonly subject: SubjectArgument;
  readonly cluster?: string;
}

/** `why deploy/web -n shop -c prod`. */
export function commandText({ subject, cluster }: TypedQuestion): string {
  const { kind, name, namespace } = subject;
  return [
    'why',
    kind === undefined ? name : `${kindWord(kind)}/${name}`,
    ...(namespace === undefined || namespace === '' ? [] : ['-n', namespace]),
    ...(cluster === undefined ? [] : ['-c', cluster]),
  ].join(' ');
}
