/** The key that seals the sandboxes' credentials during a benchmark. */
import type { KeyRing } from '../../store/connections/secrets.ts';

export const RING: KeyRing = { active: 'bench', keys: new Map([['bench', Buffer.alloc(32, 7)]]) };
