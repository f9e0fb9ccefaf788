/** What those who write and those who listen agree on (`store/signals.ts`). Part of a released migration: never changes. */
export const SIGNAL_CHANNEL = 'chatterfix_signal';
/** Two numbers of an advisory lock; whoever listens holds it shared. */
export const LISTENER_LOCK = [740_320, 32] as const;
