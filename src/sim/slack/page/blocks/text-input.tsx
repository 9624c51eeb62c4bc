import type { KeyboardEvent } from 'react';
import type { InputProps } from './input-props.ts';

/** Elements with an input of the browser that fits, and where Slack puts their value. */
const KINDS: Readonly<Record<string, { readonly type: string; readonly field: string }>> = {
  email_text_input: { type: 'email', field: 'value' },
  url_text_input: { type: 'url', field: 'value' },
  number_input: { type: 'number', field: 'value' },
  datepicker: { type: 'date', field: 'selected_date' },
  timepicker: { type: 'time', field: 'selected_time' },
};
const TEXT = { type: 'text', field: 'value' };

/** Everything that is typed. */
export function TextInput(props: InputProps) {
  const { element, current, label, labelId, describedBy, required, onChange, onAct } = props;
  const { type, field } = KINDS[element.type] ?? TEXT;
  const value = current?.[field];
  const shared = {
    className: 'input',
    'aria-label': labelId === undefined ? label : undefined,
    'aria-labelledby': labelId,
    'aria-describedby': describedBy,
    placeholder: element.placeholder?.text,
    required,
    minLength: element.min_length,
    maxLength: element.max_length,
    autoFocus: element.focus_on_load,
    value: typeof value === 'string' ? value : '',
    onChange: (event: { readonly target: { readonly value: string } }) => onChange({ [field]: event.target.value }),
    onBlur: (event: { readonly target: { readonly value: string } }) => onAct?.({ value: event.target.value }),
  };
  return element.multiline === true ? (
    <textarea {...shared} rows={4} onKeyDown={submitOnControlEnter} />
  ) : (
    <input {...shared} type={type} min={element.min_value} max={element.max_value} step="any" />
  );
}

function submitOnControlEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.currentTarget.form?.requestSubmit();
  }
}
