import { describe, expect, it } from 'vitest';
import {
  actions,
  button,
  context,
  fieldsSection,
  preformatted,
  section,
  table,
} from '../../../../src/adapters/slack/messages/blocks.ts';
import { fitBlocks, fitBudget } from '../../../../src/adapters/slack/messages/fit-budget.ts';
import { brokenLimits } from './limits.ts';

const long = (length: number): string => 'word '.repeat(length / 5);

describe('fitBudget', () => {
  it('leaves alone what fits', () => {
    const message = { text: 'short', blocks: [section('a:title', '*short*'), context('a:context', ['small'])] };

    expect(fitBudget(message, { rest: 'elsewhere' })).toEqual(message);
  });

  it('cuts every part at its own cap', () => {
    const blocks = [
      section('a:title', long(3000)),
      fieldsSection(
        'a:fields',
        Array.from({ length: 9 }, () => ({ label: 'Label', value: long(400) })),
      ),
      preformatted('a:proof', [long(900)]),
      table(
        'a:checks',
        Array.from({ length: 9 }, () => ['', long(100), 'b', 'c']),
      ),
      actions('a:actions', [button({ action: 'x', label: long(50), spoken: long(100), value: 'v' })]),
      context(
        'a:context',
        Array.from({ length: 5 }, () => long(400)),
      ),
    ];

    const fitted = fitBudget({ text: long(500), blocks });

    expect(brokenLimits(fitted)).toEqual([]);
    expect(fitted.blocks?.map(({ type }) => type)).toEqual(blocks.map(({ type }) => type));
  });

  it('says where the rest is when something was cut', () => {
    const blocks = [section('a:why', long(3000)), context('a:context', ['small'])];

    const fitted = fitBudget({ text: 'short', blocks }, { rest: 'Shortened: look there' });

    expect(fitted.blocks?.at(-1)).toEqual(context('a:context', ['small', 'Shortened: look there']));
  });

  it('says so when something was cut before', () => {
    const fitted = fitBudget({ text: 'x', blocks: [context('a', ['small'])] }, { rest: 'look there', shortened: true });

    expect(fitted.blocks).toEqual([context('a', ['small', 'look there'])]);
  });

  it('shortens everything alike until the bytes fit', () => {
    const blocks = ['a', 'b', 'c', 'd'].map((id) => section(id, '\u{1f600}'.repeat(1400)));

    const { blocks: fitted, cut } = fitBlocks(blocks);

    expect(cut).toBe(true);
    expect(brokenLimits({ text: 'x', blocks: fitted })).toEqual([]);
  });

  it('cuts a message of text alone', () => {
    const { text } = fitBudget({ text: long(5000) });

    expect(text.length).toBeLessThanOrEqual(3500);
    expect(text.endsWith('…')).toBe(true);
  });
});
