/** Where the report on the connectors is to be written, when somebody asked for it: `npm run connectors:report`. */
export function connectorsReportFile(): string | undefined {
  return process.env.CHATTERFIX_CONNECTORS_REPORT;
}
