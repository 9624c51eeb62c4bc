import { z } from 'zod';
import { fromCaseDocument } from './case-document.ts';
import { fromDocument } from './from-document.ts';
import type { Recording } from './recording.ts';
import { CaseDocument, LogFile, problemsOf, SessionDocument } from './recording-schema.ts';

/** A recording, or everything that is wrong with the document. */
export type ParsedRecording =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly problems: readonly string[] };

const Fields = z.record(z.string(), z.unknown());

const LogFiles = z.looseObject({
  logs: z.array(z.looseObject({ file: LogFile.optional(), bytes: z.int().optional() })),
});

/** The log files that a document names, as far as it is valid. */
export function logFilesOf(document: unknown): readonly { readonly file: string; readonly bytes?: number }[] {
  const { data } = LogFiles.safeParse(document);
  return (data?.logs ?? []).flatMap(({ file, bytes }) =>
    file === undefined ? [] : [{ file, ...(bytes === undefined ? {} : { bytes }) }],
  );
}

/** Checks a document that was parsed from YAML; `logs` are the contents of the log files that it names. */
export function parseRecording(document: unknown, logs: ReadonlyMap<string, string>): ParsedRecording {
  const fields = Fields.safeParse(document);
  if (!fields.success) {
    return { ok: false, problems: ['the file is not a mapping'] };
  }
  const raw = fields.data;
  const parsed = raw['closedWorld'] === true ? CaseDocument.safeParse(raw) : SessionDocument.safeParse(raw);
  if (!parsed.success) {
    return { ok: false, problems: problemsOf(parsed.error) };
  }
  // The objects as they were, since checking brings their keys into another order.
  const kept = {
    objects: raw['objects'],
    ...(raw['partialObjects'] === undefined ? {} : { partialObjects: raw['partialObjects'] }),
  };
  const { recording, problems } =
    'closedWorld' in parsed.data
      ? fromCaseDocument({ ...parsed.data, ...(kept as Pick<CaseDocument, 'objects'>) }, logs)
      : fromDocument({ ...parsed.data, ...(kept as Pick<SessionDocument, 'objects'>) }, logs);
  return problems.length === 0 ? { ok: true, recording } : { ok: false, problems };
}
