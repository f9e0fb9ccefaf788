import { PERSON } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';

export const people = plainRoutes({
  kind: PERSON,
  resource: 'people',
  title: 'Person',
  tag: 'People',
  examples: {
    id: EXAMPLE.person,
    create: { name: 'Jonas Weber', code: 'JWEBER', email: 'jonas.weber@plant.example', job_title: 'Fitter' },
    change: { phone: '+49 30 901820' },
    list: { code: 'ALMUT' },
  },
});
