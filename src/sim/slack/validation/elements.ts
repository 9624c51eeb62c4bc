import { z } from 'zod';
import { address, anyText, confirm, id, option, plainText, text } from './texts.ts';

const actionId = id.optional();
const focus = z.boolean().optional();
const placeholder = plainText(150).optional();
const optionGroup = z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) });

/** A push button. */
export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  value: text(2000).optional(),
  url: address(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: text(75).optional(),
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(option).min(1).max(5),
  confirm: confirm.optional(),
});

const boxes = {
  action_id: actionId,
  options: z.array(option).min(1).max(10),
  confirm: confirm.optional(),
  focus_on_load: focus,
};
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...boxes,
  initial_options: z.array(option).min(1).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...boxes,
  initial_option: option.optional(),
});

const menu = { action_id: actionId, placeholder, confirm: confirm.optional(), focus_on_load: focus };
const several = { max_selected_items: z.number().int().min(1).optional() };
const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const oneOfBoth = 'options or option_groups is needed, and not both';

function hasChoices(value: { options?: unknown; option_groups?: unknown }): boolean {
  return (value.options === undefined) !== (value.option_groups === undefined);
}

const staticSelect = z
  .strictObject({ type: z.literal('static_select'), ...menu, ...choices, initial_option: option.optional() })
  .refine(hasChoices, oneOfBoth);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...menu,
    ...several,
    ...choices,
    initial_options: z.array(option).min(1).optional(),
  })
  .refine(hasChoices, oneOfBoth);

const minimum = { min_query_length: z.number().int().min(0).optional() };
const otherSelects = [
  z.strictObject({ type: z.literal('external_select'), ...menu, ...minimum, initial_option: option.optional() }),
  z.strictObject({ type: z.literal('multi_external_select'), ...menu, ...several, ...minimum }),
  z.strictObject({ type: z.literal('users_select'), ...menu, initial_user: text(255).optional() }),
  z.strictObject({ type: z.literal('multi_users_select'), ...menu, ...several }),
  z.strictObject({ type: z.literal('channels_select'), ...menu, initial_channel: text(255).optional() }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...menu, ...several }),
  z.strictObject({ type: z.literal('conversations_select'), ...menu, default_to_current_conversation: focus }),
  z.strictObject({ type: z.literal('multi_conversations_select'), ...menu, ...several }),
] as const;

const pickers = [
  z.strictObject({ type: z.literal('datepicker'), ...menu, initial_date: z.iso.date().optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...menu,
    initial_time: text(5).optional(),
    timezone: text(255).optional(),
  }),
] as const;

/** A picture with its description. */
export const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: text(2000),
    image_url: address(3000).optional(),
    slack_file: z.strictObject({ id: text(255).optional(), url: address(3000).optional() }).optional(),
  })
  .refine((value) => (value.image_url === undefined) !== (value.slack_file === undefined), 'image_url or slack_file');

const clickable = [button, overflow, checkboxes, radioButtons, staticSelect, multiStaticSelect] as const;

/** Next to the text of a section. */
export const accessory = z.discriminatedUnion('type', [...clickable, ...otherSelects, ...pickers, image]);

/** In an `actions` block. */
export const actionElement = z.discriminatedUnion('type', [...clickable, ...otherSelects, ...pickers]);

const dispatch = z
  .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1) })
  .optional();
const typed = { action_id: actionId, placeholder, focus_on_load: focus, dispatch_action_config: dispatch };
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...typed,
  initial_value: z.string().optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const addressInputs = [
  z.strictObject({ type: z.literal('url_text_input'), ...typed, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal('email_text_input'), ...typed, initial_value: z.string().optional() }),
] as const;

/** In an `input` block. */
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  ...addressInputs,
  checkboxes,
  radioButtons,
  staticSelect,
  multiStaticSelect,
  ...otherSelects,
  ...pickers,
]);

/** In a `context` block. */
export const contextElement = z.union([anyText(3000), image]);

const feedback = z.strictObject({
  text: plainText(75),
  value: text(2000),
  accessibility_label: text(75).optional(),
});

/** In a `context_actions` block. */
export const contextAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('feedback_buttons'),
    action_id: actionId,
    positive_button: feedback,
    negative_button: feedback,
  }),
  z.strictObject({
    type: z.literal('icon_button'),
    action_id: actionId,
    icon: z.enum(['trash']),
    text: plainText(75),
    value: text(2000).optional(),
    confirm: confirm.optional(),
    accessibility_label: text(75).optional(),
    visible_to_user_ids: z.array(text(255)).optional(),
  }),
]);
