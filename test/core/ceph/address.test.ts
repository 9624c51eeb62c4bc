import { describe, expect, it } from 'vitest';
import { ipBits, parseCephAddress, sameClientAddress, sameIp } from '../../../src/core/ceph/address.ts';

describe('an address of Ceph', () => {
  it.each([
    ['10.0.0.5:0/123456', '10.0.0.5', 0, '123456'],
    ['v1:10.0.0.5:6789/1', '10.0.0.5', 6789, '1'],
    ['v2:[2001:DB8::5]:3300/77', '2001:db8::5', 3300, '77'],
    ['[::1]:0/1', '::1', 0, '1'],
  ])('%s is read', (text, ip, port, nonce) => {
    expect(parseCephAddress(text)).toEqual({ text, ip, port, nonce });
  });

  it.each(['', '10.0.0.5', '10.0.0.5:0', '2001:db8::5:0/1', '-', '10.0.0.5:0/1 x', 'v3:10.0.0.5:0/1'])(
    '%j is none',
    (text) => {
      expect(parseCephAddress(text)).toBeUndefined();
    },
  );

  it('is the same client whatever protocol it is written with', () => {
    const of = (text: string) => parseCephAddress(text) ?? { text, ip: '', port: 0, nonce: '' };

    expect(sameClientAddress(of('v1:10.0.0.5:0/7'), of('10.0.0.5:0/7'))).toBe(true);
    expect(sameClientAddress(of('10.0.0.5:0/7'), of('10.0.0.5:0/8'))).toBe(false);
    expect(sameClientAddress(of('10.0.0.5:0/7'), of('10.0.0.6:0/7'))).toBe(false);
  });
});

describe('an IP address', () => {
  it.each([
    ['2001:db8:0:0:0:0:0:5', '2001:DB8::5', true],
    ['::', '0:0:0:0:0:0:0:0', true],
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.50', false],
    ['2001:db8::5', '2001:db8::6', false],
    ['host', 'host', true],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameIp(a, b)).toBe(same);
  });

  it.each(['1.2.3', '1.2.3.256', '1.2.3.4.5', ':::', '1::2::3', '1:2:3', 'g::1', '1:2:3:4:5:6:7:8::9'])(
    '%s is none',
    (text) => {
      expect(ipBits(text)).toBeUndefined();
    },
  );
});
