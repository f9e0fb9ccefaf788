/** A message as Slack shows it: a header, the text, its buttons. https://docs.slack.dev/reference/block-kit/blocks */
import type { AnyBlock, Block } from '@slack/web-api';
import { cutText } from '../../domain/kernel/text.ts';
import type { OutgoingMessage } from '../contract.ts';

/** Slack's own bounds. */
const HEADER_CHARS_MAX = 150;
const TEXT_CHARS_MAX = 3_000;

export function blocksOf({ title, text, actions }: OutgoingMessage): (AnyBlock | Block)[] {
  const header: AnyBlock = {
    type: 'header',
    text: { type: 'plain_text', text: cutText(title, HEADER_CHARS_MAX), emoji: false },
  };
  const section: AnyBlock = {
    type: 'section',
    // Plain text: what people and machines write into a record must not become markup or a mention.
    text: { type: 'plain_text', text: cutText(text === '' ? title : text, TEXT_CHARS_MAX), emoji: false },
  };
  if (actions.length === 0) return [header, section];
  return [
    header,
    section,
    {
      type: 'actions',
      elements: actions.map(({ kind, label, token }) => ({
        type: 'button' as const,
        action_id: kind,
        text: { type: 'plain_text' as const, text: label, emoji: false },
        value: token,
        style: 'primary' as const,
      })),
    },
  ];
}
