/**
 * What a connection's system does not have at all: sites switch services on one by one. By entity, with the sentence that says so, the
 * setting that leaves it out for good, and since when.
 */
export const absentEntities = `
alter table connection add column absent jsonb not null default '{}';
`;
