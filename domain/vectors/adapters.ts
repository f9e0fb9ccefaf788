/** Every kind of vector and who answers it. An area adds its adapters here with one import and one line. */
import { alarmVectors } from '../alarms/vectors.ts';
import { escalationVectors } from '../escalation/vectors.ts';
import { indicatorVectors } from '../indicators/vectors.ts';
import { notificationVectors } from '../notifications/vectors.ts';
import { recurrenceVectors } from '../recurrence/vectors.ts';
import type { VectorAdapters } from './adapter.ts';

export const VECTOR_ADAPTERS: VectorAdapters = {
  ...recurrenceVectors,
  ...alarmVectors,
  ...escalationVectors,
  ...notificationVectors,
  ...indicatorVectors,
};
