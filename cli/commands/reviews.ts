/** Commands over matches that a person decides. */
import type { Command } from 'commander';
import { acceptReview, listReviews, rejectReview, type Review } from '../../plant/exceptions/reviews.ts';
import {
  decide,
  json,
  listOptions,
  look,
  none,
  readEntity,
  scopeOf,
  shown,
  type ListOptions,
} from '../person.ts';

export function addReviewCommands(reviews: Command): void {
  listOptions(reviews.command('list').description('each with its candidates side by side')).action(
    (options: ListOptions) =>
      look(
        options,
        (deps) => listReviews(deps, scopeOf(options)),
        (rows) => [...none(rows, 'No match waits for a person.'), ...rows.flatMap(reviewLines)],
      ),
  );
  reviews
    .command('accept')
    .argument('<connection>')
    .argument('<external-id>')
    .argument('<number>', 'the hub record it is')
    .option('--entity <entity>', 'when two entities share the id')
    .addOption(json())
    .description('links the two')
    .action((connection: string, externalId: string, number: string, options: ListOptions) =>
      decide(
        options,
        (deps) => acceptReview(deps, { connection, externalId, number, ...entityOf(options) }),
        (done) => [`${done.externalId} is ${done.number}.`],
      ),
    );
  reviews
    .command('reject')
    .argument('<connection>')
    .argument('<external-id>')
    .option('--entity <entity>', 'when two entities share the id')
    .addOption(json())
    .description('makes it a hub record of its own')
    .action((connection: string, externalId: string, options: ListOptions) =>
      decide(
        options,
        (deps) => rejectReview(deps, { connection, externalId, ...entityOf(options) }),
        (done) => [`${done.externalId} is a record of its own: ${done.number}.`],
      ),
    );
}

/** One column a record, the vendor's first. */
function reviewLines(review: Review): string[] {
  const columns = [review.fields ?? {}, ...review.candidates.map(({ fields }) => fields)];
  const names = [...new Set(columns.flatMap((fields) => Object.keys(fields)))].sort();
  const heads = review.candidates.map(
    ({ number, linkedTo }) => `${number}${linkedTo === null ? '' : ` (linked with ${linkedTo} already)`}`,
  );
  const number = review.record.number === null ? '' : ` (${review.record.number})`;
  return [
    `${review.connection}  ${review.entity} ${review.externalId}${number} | ${heads.join(' | ')}`,
    ...names.map((name) => `  ${name}: ${columns.map((fields) => shown(fields[name])).join(' | ')}`),
  ];
}

function entityOf({ entity }: ListOptions): Pick<ReturnType<typeof scopeOf>, 'entity'> {
  return entity === undefined ? {} : { entity: readEntity(entity) };
}
