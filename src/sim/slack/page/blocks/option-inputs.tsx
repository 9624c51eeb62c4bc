import { useId } from 'react';
import type { PageOption } from '../../page-api.ts';
import type { InputProps } from './input-props.ts';
import type { OptionObject } from './model.ts';

interface SelectProps extends InputProps {
  readonly options: readonly OptionObject[];
  /** Where Slack puts the choice: menus of people and channels have an id instead of an option. */
  readonly field: 'selected_option' | 'selected_user' | 'selected_channel' | 'selected_conversation';
}

/** A menu to choose one from. */
export function OptionSelect({ options, field, element, current, label, onChange, onAct, ...rest }: SelectProps) {
  const chosen = field === 'selected_option' ? current?.selected_option?.value : current?.[field];
  const choose = (value: string) => {
    const option = options.find((one) => one.value === value);
    if (field === 'selected_option') {
      onChange({ selected_option: option ?? null });
    } else {
      onChange({ [field]: option?.value ?? null });
    }
    if (option !== undefined) {
      onAct?.(field === 'selected_option' ? { selected_option: option } : { value: option.value ?? '' });
    }
  };
  return (
    <select
      className="input"
      aria-label={rest.labelId === undefined ? label : undefined}
      aria-labelledby={rest.labelId}
      aria-describedby={rest.describedBy}
      required={rest.required}
      value={typeof chosen === 'string' ? chosen : ''}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="">{element.placeholder?.text ?? 'Choose…'}</option>
      {options.map((option, index) => (
        <option key={option.value ?? index} value={option.value ?? ''}>
          {option.text.text}
        </option>
      ))}
    </select>
  );
}

interface BoxesProps extends InputProps {
  readonly options: readonly OptionObject[];
  readonly kind: 'radio' | 'checkbox';
}

/** Options of which one or several are ticked. */
export function OptionBoxes({ options, kind, current, label, labelId, describedBy, onChange, onAct }: BoxesProps) {
  const name = useId();
  const chosen = kind === 'radio' ? oneOf(current?.selected_option) : (current?.selected_options ?? []);
  const toggle = (option: OptionObject, ticked: boolean) => {
    if (kind === 'radio') {
      onChange({ selected_option: option });
      onAct?.({ selected_option: option });
      return;
    }
    const others = chosen.filter(({ value }) => value !== option.value);
    const selected = ticked ? [...others, option] : others;
    onChange({ selected_options: selected });
    onAct?.({ selected_options: selected });
  };
  return (
    <fieldset
      className="boxes"
      aria-label={labelId === undefined ? label : undefined}
      aria-labelledby={labelId}
      aria-describedby={describedBy}
    >
      {options.map((option, index) => (
        <label key={option.value ?? index}>
          <input
            type={kind}
            name={name}
            checked={chosen.some(({ value }) => value === option.value)}
            onChange={(event) => toggle(option, event.target.checked)}
          />
          <span>
            {option.text.text}
            {option.description === undefined ? null : <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function oneOf(option: PageOption | null | undefined): readonly PageOption[] {
  return option === null || option === undefined ? [] : [option];
}
