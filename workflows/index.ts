/** Every workflow the worker registers. Types of released workflows are kept by name; see docs/adding-a-workflow.md. */
export { plannerWorkflow } from './maintenance/planner.ts';
export { connectionWorkflow } from './sync/connection.ts';
export { escalationWorkflow } from './escalation/escalation.ts';
