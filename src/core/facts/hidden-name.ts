/** Stands in a list for the name and the namespace of what may not be named to whoever asks. */
export const HIDDEN_NAME = 'hidden';
