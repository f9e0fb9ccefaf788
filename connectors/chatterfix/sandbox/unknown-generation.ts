/** A generation no contract describes: a client must notice that it cannot speak to it. */
import type { Generation } from './generation.ts';
import { withDefault } from './model.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant } from './plant-fill.ts';
import { newestFirst } from './table.ts';

export const unknownGeneration: Generation = {
  name: 'unknown',
  tables: {
    'work-orders': {
      ...{ created: 'created_at', updated: 'updated_at', order: newestFirst('created_at') },
      columns: { title: '', description: '', status: 'open', created_at: null, updated_at: null },
    },
  },
  stamp: (ms) => new Date(ms).toISOString(),
  fill: (tenant, plant) =>
    fillFromPlant(tenant, plant, {
      word: (word) => word,
      due: (ms) => new Date(ms).toISOString(),
      person: ({ username }) => username,
    }),
  mounts: (tenant) => [
    {
      prefix: '',
      app: {
        ...{ title: 'ChatterFix Next', version: '4.0.0' },
        routes: [
          { method: 'GET', path: '/v4/health', name: 'health', answer: () => ({ body: { ok: true } }) },
          {
            ...{
              method: 'GET',
              path: '/v4/jobs',
              name: 'list_jobs',
              query: { cursor: withDefault('integer', 0) },
            },
            answer: ({ query, request }) => {
              const wanted = { offset: Number(query['cursor']), limit: 50, query: request.query };
              const { texts, total } = takePage(tenant, 'work-orders', wanted);
              return { body: envelope('jobs', texts, { total }) };
            },
          },
        ],
      },
    },
  ],
};
