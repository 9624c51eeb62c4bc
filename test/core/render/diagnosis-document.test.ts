import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { yamlText } from '../../../src/app/yaml-text.ts';
import { type DiagnosisDocument, diagnosisDocument } from '../../../src/core/render/diagnosis-document.ts';
import { diagnosisDocumentSchema, diagnosisJsonSchema } from '../../../src/core/render/diagnosis-schema.ts';
import { jsonText } from '../../../src/core/render/escape.ts';
import { DIAGNOSES, diagnosis, finding } from './diagnoses.ts';

const SCHEMA_FILE = join(import.meta.dirname, '../../../docs/schema/diagnosis.schema.json');
// eslint-disable-next-line no-control-regex -- these characters are exactly what must not be there
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const documents = Object.entries(DIAGNOSES).map(([name, one]) => ({
  name,
  document: diagnosisDocument(one, { explain: true }),
}));

describe('the schema of a diagnosis', () => {
  it('is written down in docs', async () => {
    await expect(`${JSON.stringify(diagnosisJsonSchema(), undefined, 2)}\n`).toMatchFileSnapshot(SCHEMA_FILE);
  });

  it('names exactly the keys of the document', () => {
    type Written = z.infer<typeof diagnosisDocumentSchema>;
    const keys: Record<keyof DiagnosisDocument, true> & Record<keyof Written, true> = {
      apiVersion: true,
      kind: true,
      summary: true,
      verdict: true,
      subject: true,
      clock: true,
      status: true,
      since: true,
      pod: true,
      container: true,
      primary: true,
      alternatives: true,
      others: true,
      consequences: true,
      modifiers: true,
      seen: true,
      past: true,
      checked: true,
      unread: true,
      considered: true,
    };

    expect(Object.keys(diagnosisDocumentSchema.shape)).toEqual(Object.keys(keys));
  });

  it.each(documents)('holds for $name', ({ document }) => {
    expect(diagnosisDocumentSchema.safeParse(document).error).toBeUndefined();
  });
});

describe('a diagnosis as data', () => {
  it('says the first line of the text', () => {
    expect(
      diagnosisDocument(diagnosis({ verdict: 'cause', primary: finding({ state: 'likely', cause: 'it fails' }) }))
        .summary,
    ).toBe('shop/blog-api-599bdd9787-9cpn7, likely: it fails');
  });

  it('leaves out what was considered unless it is asked for', () => {
    const [one] = Object.values(DIAGNOSES);

    expect(diagnosisDocument(one ?? diagnosis())).not.toHaveProperty('considered');
    expect(diagnosisDocument(one ?? diagnosis(), { explain: true })).toHaveProperty('considered');
  });

  it.each(documents)('is the same $name in JSON and YAML, without what a terminal obeys', ({ document }) => {
    const json = jsonText(document);
    const yaml = yamlText(document);

    expect(JSON.parse(json)).toEqual(document);
    expect(parse(yaml)).toEqual(document);
    expect(json).not.toMatch(OBEYED);
    expect(yaml).not.toMatch(OBEYED);
  });
});
