import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject } from '../../core/recording/object-parts.ts';
import type { RecordingContent } from './recording-content.ts';

const PART_OF_NAME = /[A-Za-z0-9-]/;

/** The recording with a node called otherwise, wherever its name stands by itself: fields, labels, messages, logs. */
export function renameNode(content: RecordingContent, from: string, to: string): RecordingContent {
  const text = (value: string): string => replaceWord(value, from, to);
  return {
    ...content,
    objects: content.objects.map((object) => renameFields(object, text)),
    logs: content.logs.map((log) => ({
      ...log,
      outcome: log.outcome.kind === 'text' ? { kind: 'text', text: text(log.outcome.text) } : log.outcome,
    })),
    missing: content.missing.map((object) => ({ ...object, name: text(object.name) })),
  };
}

function renameFields(object: JsonObject, text: (value: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, value === undefined ? value : renameValue(value, text)]),
  );
}

function renameValue(value: Json, text: (value: string) => string): Json {
  if (typeof value === 'string') {
    return text(value);
  }
  if (isJsonObject(value)) {
    return renameFields(value, text);
  }
  return Array.isArray(value) ? value.map((item: Json) => renameValue(item, text)) : value;
}

function replaceWord(text: string, from: string, to: string): string {
  const [first = '', ...others] = text.split(from);
  return others.reduce((done, next) => {
    const inside = PART_OF_NAME.test(done.at(-1) ?? '') || PART_OF_NAME.test(next.charAt(0));
    return `${done}${inside ? from : to}${next}`;
  }, first);
}

/** The name with the next number that is not taken: `node-1` becomes `node-2`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const [, stem = name, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
  const base = digits === undefined ? `${name}-` : stem;
  let number = digits === undefined ? 2 : Number(digits) + 1;
  while (taken.has(`${base}${number}`)) {
    number += 1;
  }
  return `${base}${number}`;
}
