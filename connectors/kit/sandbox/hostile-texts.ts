/** Texts that people type, paste and import, and that something on the way to another system chokes on. */

export const HOSTILE_TEXTS = {
  /** Half of a surrogate pair, as a cut through an emoji leaves it; JSON carries it as `\ud83d`. */
  high_surrogate: 'Pump leaks \ud83d',
  low_surrogate: '\ude31 pump leaks',
  nul: 'Pump\u0000leaks',
  byte_order_mark: '\ufeffPump leaks',
  angle_brackets: 'Torque < 40 Nm & > 20 Nm, see <manual> "B"',
  markup: '<b>Pump</b> leaks&nbsp;<br/>badly &amp; &euro;5 &#8364;6',
  control_characters: 'Pump\u0001\u0008\u001b[31mleaks\u007f',
  line_breaks: 'Pump\r\nleaks\u2028badly\u2029\u0085',
  right_to_left: 'Pump \u202eskael\u202c \u200bnow',
  combined: 'Pu\u0301mpe fa\u0308llt aus \ud83d\ude31',
  blanks: '  Pump\tleaks \u00a0 ',
  template: '{{title}} ${title} %s %7B',
  quotes: `Robert'); drop table work_orders; -- "\\"`,
} as const;
export type HostileText = keyof typeof HOSTILE_TEXTS;

/** What people write where a serial number is asked for and none is at hand. */
export const PLACEHOLDERS = ['N/A', 'n/a', '-', '0', 'unknown', 'tbd', 'see plate', '000000', 'XXX'] as const;
