/**
 * Which external system a connection reaches, and within which part of it a record's numbers mean one thing (a Maximo site, a SAP
 * plant). Two connections to one system must not take its records for each other's, and two records of one system are two things.
 */
export const systemIdentity = `
-- What the system told of itself at the first contact; 'null' where a connector cannot tell; no value: not asked yet.
alter table connection add column identity jsonb;
alter table link add column scope text collate "C";
`;
