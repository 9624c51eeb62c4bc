import { useContext } from 'react';
import { SurfaceContext } from './acting.ts';
import type { FormElementProps, InputProps } from './input-props.ts';
import { optionsOf } from './model.ts';
import { OptionBoxes, OptionSelect } from './option-inputs.tsx';
import { TextInput } from './text-input.tsx';

/** The fitting input for the type of an element. */
export function FormElement(props: FormElementProps) {
  const { blockId, element } = props;
  const surface = useContext(SurfaceContext);
  const actionId = element.action_id ?? '';
  const input: InputProps = {
    ...props,
    current: surface?.valueOf(blockId, actionId),
    onChange: (value) => surface?.change(blockId, actionId, { type: element.type, ...value }),
  };
  switch (element.type) {
    case 'static_select':
    case 'external_select':
      return <OptionSelect {...input} options={optionsOf(element)} field="selected_option" />;
    case 'users_select':
      return <OptionSelect {...input} options={named(surface?.users)} field="selected_user" />;
    case 'channels_select':
      return <OptionSelect {...input} options={named(surface?.channels)} field="selected_channel" />;
    case 'conversations_select':
      return <OptionSelect {...input} options={named(surface?.channels)} field="selected_conversation" />;
    case 'radio_buttons':
      return <OptionBoxes {...input} options={optionsOf(element)} kind="radio" />;
    case 'checkboxes':
    case 'multi_static_select':
      return <OptionBoxes {...input} options={optionsOf(element)} kind="checkbox" />;
    default:
      return <TextInput {...input} />;
  }
}

function named(entries: readonly { readonly id: string; readonly label: string }[] | undefined) {
  return (entries ?? []).map(({ id, label }) => ({ text: { type: 'plain_text', text: label } as const, value: id }));
}
