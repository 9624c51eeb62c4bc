import type { PageInputValue } from '../../page-api.ts';
import type { Choice } from './acting.ts';
import type { ElementObject } from './model.ts';

/** An element that is filled in. */
export interface FormElementProps {
  readonly blockId: string;
  readonly element: ElementObject;
  readonly label: string;
  /** The label is shown beside it, under this id. */
  readonly labelId?: string;
  readonly describedBy?: string;
  readonly required?: boolean;
  /** What happens besides remembering the value. */
  readonly onAct?: (choice: Choice) => void;
}

/** What every kind of input gets. */
export interface InputProps extends FormElementProps {
  readonly current: PageInputValue | undefined;
  readonly onChange: (value: Omit<PageInputValue, 'type'>) => void;
}
