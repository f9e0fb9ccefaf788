import { describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { manifest, manifestOf } from './manifest.ts';
import { PROFILES } from './profiles.ts';

describe('ChatterFix: what the capability table says', () => {
  it('is what the default profile has calls for', () => {
    const { capabilities } = manifestOf(PROFILES.unified);
    for (const entity of ENTITIES) {
      const { note: _said, ...table } = manifest.capabilities[entity];
      const { note: _derived, ...derived } = capabilities[entity];
      expect({ entity, attachments: 'none', ...table }).toEqual({ entity, attachments: 'none', ...derived });
    }
  });
});
