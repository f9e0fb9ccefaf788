/** The two bodies of a mail, made from one text: plain as it is, HTML with its lines as paragraphs and its actions as buttons. */
import type { OutgoingMessage } from '../contract.ts';

export function plainOf({ text, link, actions }: OutgoingMessage): string {
  const more = link === null ? [] : [actions.length > 0 ? `To acknowledge: ${link}` : link];
  return [text, ...more].join('\n\n');
}

export function htmlOf(message: OutgoingMessage): string {
  const { title, text, link, actions, language } = message;
  const paragraphs = text.split('\n').map((line) => `<p>${escapeHtml(line)}</p>`);
  const label = actions[0]?.label ?? 'Open';
  const button =
    link === null
      ? ''
      : `<p><a href="${escapeHtml(link)}" style="padding:8px 16px;background:#0b5fff;color:#fff;text-decoration:none;border-radius:4px">${escapeHtml(label)}</a></p>`;
  return `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body style="font-family:sans-serif"><h2>${escapeHtml(title)}</h2>${paragraphs.join('')}${button}</body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
