import { describe, expect, test } from 'vitest';
import { compileLabelSelector } from '../../../src/core/recording/label-selector.ts';

const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  web: { app: 'web', tier: 'front', size: '5' },
  back: { app: 'web', tier: 'back', size: '10', 'example.com/team': 'a' },
  db: { app: 'db', size: '9007199254740993' },
  none: {},
};

function chosen(selector: string): readonly string[] | string {
  const compiled = compileLabelSelector(selector);
  return compiled.ok
    ? Object.keys(OBJECTS).filter((name) => compiled.matches({ metadata: { name, labels: OBJECTS[name] ?? {} } }))
    : compiled.message;
}

describe('compileLabelSelector', () => {
  test.each([
    ['', ['web', 'back', 'db', 'none']],
    ['app=web', ['web', 'back']],
    [' app == web , tier != front ', ['back']],
    ['app!=web', ['db', 'none']],
    ['app', ['web', 'back', 'db']],
    ['!app', ['none']],
    ['app in(web)', ['web', 'back']],
    ['app notin(web)', ['db', 'none']],
    ['app in (db,,x)', ['db']],
    ['app in ()', []],
    ['app=', []],
    ['size>5', ['back', 'db']],
    ['size<10', ['web']],
    ['size > 9007199254740992', ['db']],
    ['app>1', []],
    ['example.com/team=a', ['back']],
    ['in,notin', []],
    ['toString', []],
    ['__proto__=x', 'unable to parse requirement: <nil>: Invalid value: "__proto__": name part must consist'],
    ['app in web', "unable to parse requirement: found 'web' expected: '('"],
    ['app in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['app in (a,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['app in (a,,)', "unable to parse requirement: found ')', expected: ',', or identifier"],
    ['app>99999999999999999999', 'unable to parse requirement: values[0]: Invalid value: "99999999999999999999": for'],
    ['app>-x', 'unable to parse requirement: [values[0]: Invalid value: "-x": for'],
    ['app in (-a,-b,-a)', 'unable to parse requirement: [values[0][app]: Invalid value: "-a": a valid label'],
    [`${'a'.repeat(254)}/b`, 'unable to parse requirement: <nil>: Invalid value: "aaa'],
  ])('of %j', (selector, expected) => {
    const result = chosen(selector);

    expect(result).toEqual(typeof expected === 'string' ? expect.stringContaining(expected) : expected);
  });

  test('takes a label for what it is, not for a property of all objects', () => {
    const compiled = compileLabelSelector('constructor');

    expect(compiled.ok && compiled.matches({ metadata: { labels: {} } })).toBe(false);
  });

  test('answers at once, however long the selector is', () => {
    const result = compileLabelSelector(`${'a-'.repeat(200_000)}=1,${'b.'.repeat(200_000)}/x`);

    expect(result.ok).toBe(false);
  });
});
