const HIDDEN = '[hidden]';
/** The name under which Node looks for it, so that nothing needs to be imported. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A text that is shown nowhere by mistake: printed, logged or written as JSON it is `[hidden]`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one who needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [INSPECT](): string {
    return HIDDEN;
  }
}
