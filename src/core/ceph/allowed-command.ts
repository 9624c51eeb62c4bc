import { isCephName, isKnownLockId, isLocker, type RunbookCommand } from './command.ts';

type Part = string | ((text: string) => boolean);

interface AllowedForm {
  readonly tool: RunbookCommand['tool'];
  readonly parts: readonly Part[];
  readonly effect: 'reads' | 'changes';
}

const JSON_FORM = ['--format', 'json'] as const;

/** Everything that Kubewhy ever runs outside of Kubernetes. */
const ALLOWED: readonly AllowedForm[] = [
  { tool: 'rbd', parts: ['lock', 'ls', isImageSpec, ...JSON_FORM], effect: 'reads' },
  { tool: 'rbd', parts: ['status', isImageSpec, ...JSON_FORM], effect: 'reads' },
  { tool: 'rbd', parts: ['info', isImageSpec, ...JSON_FORM], effect: 'reads' },
  { tool: 'rbd', parts: ['lock', 'rm', isImageSpec, isKnownLockId, isLocker], effect: 'changes' },
  { tool: 'ceph', parts: ['osd', 'blocklist', 'ls'], effect: 'reads' },
  { tool: 'ceph', parts: ['osd', 'blacklist', 'ls'], effect: 'reads' },
  { tool: 'ceph', parts: ['health', ...JSON_FORM], effect: 'reads' },
  { tool: 'ceph', parts: ['status', ...JSON_FORM], effect: 'reads' },
];

/** What a command does if Kubewhy may run it at all; undefined for every other command. */
export function allowedEffect({ tool, args }: RunbookCommand): AllowedForm['effect'] | undefined {
  return ALLOWED.find((form) => form.tool === tool && fits(form.parts, args))?.effect;
}

function fits(parts: readonly Part[], args: readonly string[]): boolean {
  return (
    parts.length === args.length &&
    parts.every((part, index) => {
      const arg = args[index] ?? '';
      return typeof part === 'string' ? part === arg : part(arg);
    })
  );
}

function isImageSpec(text: string): boolean {
  const names = text.split('/');
  return names.length === 2 && names.every(isCephName);
}
