/** What a word of the command line can be completed with. */
export type Completable = 'subject' | 'namespace' | 'context' | 'playbook' | 'file' | 'folder' | 'shell' | 'command';

/** An option; without `value` it is a switch. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completable;
  readonly help: string;
}

/** One command as the parser, the help and the completions see it. */
export interface CommandSpec {
  /** One word, or two for `playbook list` and its like. */
  readonly name: string;
  readonly summary: string;
  /** The words after the name, as the help shows them. */
  readonly usage: string;
  readonly about: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  readonly completes?: Completable;
}

export interface Example {
  readonly command: string;
  readonly says: string;
}
