import type { RenderedMessage } from '../../../../src/adapters/slack/messages/rendered-message.ts';

const MOST_BLOCKS = 8;

/** What is wrong with a message by the project's own caps; counted apart from the code that keeps to them. */
export function brokenLimits({ text, blocks }: RenderedMessage): readonly string[] {
  const list = blocks ?? [];
  const ids = list.map((block) => block.block_id);
  const problems: string[] = [];
  const check = (what: string, value: number, most: number): void => {
    if (value > most) {
      problems.push(`${what}: ${value} > ${most}`);
    }
  };
  check('text', text.length, blocks === undefined ? 3500 : 300);
  check('blocks', list.length, MOST_BLOCKS);
  check('bytes', Buffer.byteLength(JSON.stringify(list)), 12_000);
  check('repeated block ids', ids.length - new Set(ids).size, 0);
  let total = 0;
  for (const { value, path } of strings(list)) {
    const [most, shown] = capOf(path, list);
    total += shown ? value.length : 0;
    check(path, value.length, most);
    if (shown && value === '') {
      problems.push(`${path}: empty`);
    }
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) {
      problems.push(`${path}: half a character`);
    }
  }
  check('total', total, 10_000);
  if (text === '') {
    problems.push('text: empty');
  }
  return problems;
}

function capOf(
  path: string,
  blocks: readonly { readonly type: string; readonly block_id?: string }[],
): [number, boolean] {
  const block = blocks[Number(path.split('/')[1])];
  const rules: readonly [RegExp, number, boolean][] = [
    [/\/fields\/\d+\/text$/, 300, true],
    [/\/rows\/\d+\/\d+\/text$/, 60, true],
    [/\/options\/\d+\/text\/text$/, 75, true],
    [/\/options\/\d+\/value$/, 75, false],
    [/\/value$/, 64, false],
    [/\/accessibility_label$/, 75, true],
    [/_id$/, 255, false],
  ];
  const rule = rules.find(([pattern]) => pattern.test(path));
  if (rule !== undefined) {
    return [rule[1], rule[2]];
  }
  if (!path.endsWith('/text')) {
    return [255, false];
  }
  const byType: Readonly<Record<string, number>> = { context: 300, actions: 22, section: 2800 };
  const proof = block?.block_id?.endsWith(':proof') === true ? 600 : 3000;
  return [byType[block?.type ?? ''] ?? proof, true];
}

function* strings(value: unknown, path = ''): Generator<{ readonly value: string; readonly path: string }> {
  if (typeof value === 'string') {
    yield { value, path };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      yield* strings(part, `${path}/${key}`);
    }
  }
}
