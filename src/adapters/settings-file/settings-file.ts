import { open } from 'node:fs/promises';
import { isMap, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';

/** A place in the document: keys of mappings and indexes of lists. */
export type DocumentPath = readonly (string | number)[];

/** The YAML document of a settings file. */
export interface SettingsDocument {
  /** Not validated yet; `null` or `undefined` when the file is empty. */
  readonly content: unknown;
  /** The line of a place, or of the nearest place around it, from 1. */
  readonly lineOf: (path: DocumentPath) => number | undefined;
}

/** One reason why the file is no YAML document. */
export interface FormatProblem {
  readonly line?: number;
  readonly reason: string;
}

export type SettingsFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly problems: readonly FormatProblem[] }
  | { readonly kind: 'document'; readonly document: SettingsDocument };

const LARGEST_FILE = 256 * 1024;
/** Settings need few; many make an "alias bomb". */
const MOST_ALIASES = 20;

/** Reads a settings file. Throws SETTINGS_INVALID when it exists but cannot be read. */
export async function readSettingsFile(path: string): Promise<SettingsFile> {
  const bytes = await readLimited(path);
  if (bytes === undefined) {
    return { kind: 'missing' };
  }
  return bytes.length > LARGEST_FILE
    ? malformed(`the file is larger than ${LARGEST_FILE / 1024} KiB`)
    : parse(bytes.toString('utf8'));
}

/** Reads one byte more than is allowed at most, so that a device or a huge file does no harm. */
async function readLimited(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST_FILE + 1), 0, LARGEST_FILE + 1, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw new KubewhyError('SETTINGS_INVALID', {
      message: `The settings file ${path} cannot be read (${code}).`,
      hint: 'Check that it is a file and that the user of Kubewhy may read it.',
      cause: error,
    });
  }
}

function parse(text: string): SettingsFile {
  try {
    const counter = new LineCounter();
    const document = parseDocument(text, { strict: true, uniqueKeys: true, lineCounter: counter });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      const problems = faults.map(({ message, pos }) => ({
        line: counter.linePos(pos[0]).line,
        reason: (message.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
      }));
      return { kind: 'malformed', problems };
    }
    const content: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const lineOf = (path: DocumentPath): number | undefined => {
      const at = offsetOf(document.contents, path);
      return at === undefined ? undefined : counter.linePos(at).line;
    };
    return { kind: 'document', document: { content, lineOf } };
  } catch (error) {
    // Too many aliases, or nesting that is deeper than the stack.
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

function malformed(reason: string): SettingsFile {
  return { kind: 'malformed', problems: [{ reason }] };
}

/** The offset of the last part of a path that exists; a key says more than the beginning of its value. */
function offsetOf(root: ParsedNode | null, path: DocumentPath): number | undefined {
  let node: unknown = root;
  let offset: number | undefined = root?.range[0];
  for (const part of path) {
    const step = stepInto(node, part);
    if (step === undefined) {
      break;
    }
    node = step.node;
    offset = step.offset;
  }
  return offset;
}

interface Step {
  readonly node: unknown;
  readonly offset: number;
}

function stepInto(node: unknown, part: string | number): Step | undefined {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const pair = node.items.find(({ key }) => 'value' in key && String(key.value) === String(part));
    return pair === undefined ? undefined : { node: pair.value, offset: pair.key.range[0] };
  }
  const item = isSeq<ParsedNode>(node) && typeof part === 'number' ? node.items[part] : undefined;
  return item === undefined ? undefined : { node: item, offset: item.range[0] };
}
