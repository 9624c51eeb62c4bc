import type { Json, JsonObject } from '../facts/json.ts';
import { listWords, oneLine, shorten } from '../facts/text.ts';
import { childOf, childrenOf, isJsonObject, textAt } from '../recording/object-parts.ts';

/** Labels that controllers add to tell revisions apart. */
const REVISION_LABELS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
]);
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const CONTAINER_LISTS = ['initContainers', 'containers'];
const MOST_SENTENCES = 4;
const LONGEST_IMAGE = 160;
const LONGEST_NAME = 63;

/**
 * What differs between two pod templates, without a full stop: images with both values, of everything else only the names
 * of the parts, since values may be secret. Parts that were redacted look the same.
 */
export function templateChange(before: JsonObject, after: JsonObject): string {
  const containers = containerChanges(before, after);
  const annotations = changedKeys(annotationsOf(before), annotationsOf(after));
  const parts = [
    ...containers.parts,
    ...changedKeys(childOf(before, 'spec'), childOf(after, 'spec')).filter((key) => !CONTAINER_LISTS.includes(key)),
    ...(changedKeys(labelsOf(before), labelsOf(after)).some((key) => !REVISION_LABELS.has(key)) ? ['labels'] : []),
    ...(annotations.some((key) => key !== RESTARTED) ? ['annotations'] : []),
  ];
  const sentences = [
    ...containers.sentences,
    ...(parts.length === 0 ? [] : [`its pod template changed (${listWords(parts.map(short))})`]),
    ...(annotations.includes(RESTARTED) ? ['its pods were restarted (kubectl rollout restart)'] : []),
  ];
  const more = sentences.length - MOST_SENTENCES;
  const told = more > 0 ? [...sentences.slice(0, MOST_SENTENCES), `and ${more} more differences`] : sentences;
  return told.length === 0 ? 'its pod template changed' : told.join('; ');
}

/** `web:1` of one container, `a:1 and b:2` of several. */
export function templateImages(template: JsonObject): string {
  return listWords([...containersOf(template).values()].map((container) => image(container)));
}

interface Differences {
  readonly sentences: readonly string[];
  readonly parts: readonly string[];
}

function containerChanges(before: JsonObject, after: JsonObject): Differences {
  const [old, now] = [containersOf(before), containersOf(after)];
  const names = [...new Set([...now.keys(), ...old.keys()])];
  const found = names.map((name) => containerChange(name, old.get(name), now.get(name)));
  const several = names.length > 1;
  return {
    sentences: found.flatMap(({ sentences }) => sentences),
    parts: found.flatMap(({ parts }, index) =>
      parts.map((part) => (several ? `${part} of ${short(names[index] ?? '')}` : part)),
    ),
  };
}

function containerChange(name: string, before: JsonObject | undefined, after: JsonObject | undefined): Differences {
  if (before === undefined || after === undefined) {
    const what = before === undefined ? 'added' : 'removed';
    return { sentences: [`container ${short(name)} was ${what}`], parts: [] };
  }
  const keys = changedKeys(before, after);
  return {
    sentences: keys.includes('image')
      ? [`image of ${short(name)} changed from ${image(before)} to ${image(after)}`]
      : [],
    parts: keys.filter((key) => key !== 'image'),
  };
}

function containersOf(template: JsonObject): ReadonlyMap<string, JsonObject> {
  const spec = childOf(template, 'spec');
  const all = CONTAINER_LISTS.flatMap((list) => childrenOf(spec, list));
  return new Map(all.map((container) => [textAt(container, 'name'), container]));
}

function labelsOf(template: JsonObject): JsonObject {
  return childOf(childOf(template, 'metadata'), 'labels');
}

function annotationsOf(template: JsonObject): JsonObject {
  return childOf(childOf(template, 'metadata'), 'annotations');
}

function changedKeys(before: JsonObject, after: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => comparable(before[key]) !== comparable(after[key])).toSorted();
}

/** The same text for the same value, whatever the order of its keys. */
function comparable(value: Json | undefined): string {
  return JSON.stringify([value], (_, part: Json) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function image(container: JsonObject): string {
  return shorten(oneLine(textAt(container, 'image')), LONGEST_IMAGE) || 'none';
}

function short(name: string): string {
  return shorten(oneLine(name), LONGEST_NAME);
}
