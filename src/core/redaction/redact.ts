/** Removes secrets from everything that is stored, posted or handed to a model. */
export { redactObject } from './redact-object.ts';
export { redactText } from './redact-text.ts';
