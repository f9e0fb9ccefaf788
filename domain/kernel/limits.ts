/**
 * Every bound of the product, with its reason. Units come last in the name. No imports: workflow code loads it.
 */
export const LIMITS = {
  /** Records a pull page may hold. One page is one transaction; 1,000 keeps it near 100 ms and 2 MB. */
  pageSizeMax: 1_000,
  /** Records pushed in one activity step: the recommended bulk size of Maximo (contract 4.8), and a bound on what a crash repeats. */
  pushBatchMax: 100,
  /** Pages one pull activity walks before it returns, so that no activity outlives its timeout. */
  pagesPerActivityMax: 200,
  /** Pages fetched and staged ahead of the one being applied: enough to keep fetching while PostgreSQL writes, 3 MB each. */
  pagesAheadMax: 2,
  /** One vendor answer. A page of 1,000 work orders with children is near 3 MB. */
  responseBytesMax: 64 * 1024 * 1024,
  /** A vendor call, read; bulk writes get twice this. Contracts recommend 60 s. */
  callTimeoutMs: 60_000,
  /** Longest pause a vendor's Retry-After is obeyed for; then it is asked again, and may say it once more. A typing error there must not stop a connection for years. */
  retryAfterMaxMs: 60 * 60 * 1_000,
  /** Temporal notices a dead worker after this long without a heartbeat. */
  heartbeatTimeoutMs: 10_000,
  /** Repeats of a blip inside one activity; outages are Temporal's. */
  blipRetriesMax: 3,
  /** Pause before looking again for feed rows that a transaction still running hides; a page's transaction takes about 100 ms. */
  feedRetryMs: 250,
  /** Looks of one push at feed rows that were committed before it began and are hidden by a running transaction, and the pause between two: five seconds in all. */
  feedLooksMax: 200,
  feedLookMs: 25,
  /**
   * A create of unknown outcome is sent again only when the vendor shows nothing this long after the last try: a request
   * whose reply was lost may still be under way there, and lists may lag behind writes.
   */
  createSettleMs: 10_000,
  /** Tries of one update, each of unknown outcome or put off half-way, before a person is told; it goes on being tried. */
  updateTriesMax: 10,
  /** Consecutive `unauthorized` runs before a connection pauses itself. */
  unauthorizedMax: 3,
  /**
   * Records on one side that may carry the same match value and still be told apart by a person. What more of them share, such as
   * a number that was copied with its record, identifies nothing.
   */
  matchSharedMax: 5,
  /** Records that wait for each other are looked at together, so many at most. */
  circleRecordsMax: 5_000,
  /** Share of an entity that deletes may touch before the breaker stops and asks. */
  deleteBreakerShare: 0.02,
  /** Below this many deletes the breaker stays shut whatever the share (small entities). */
  deleteBreakerFloor: 5,
  /** Share of the records held at a system that one pass may create there beyond what first readings announced. */
  createBreakerShare: 0.25,
  /** Below this many creates the breaker stays shut whatever the share. */
  createBreakerFloor: 250,
  /**
   * Run-time bounds of a mapping's expressions, for all expressions of one record together. Steps are counted, so that the same record
   * meets the same bound on every machine; the time is for what a single step may cost. A usual expression takes 20 steps.
   */
  expressionTimeMs: 250,
  expressionStepsMax: 100_000,
  /** How deep calls and values may nest. */
  expressionDepthMax: 200,
  /** Elements of one list; no record has near as many rows. */
  expressionListMax: 20_000,
  /** One text that a function is given or makes. */
  expressionTextCharsMax: 1_000_000,
  /** One value, counted as characters of its texts and ten for each member, wherever it is used again. */
  expressionSizeMax: 4_000_000,
  /** The same for everything that is made on the way. */
  expressionMadeMax: 50_000_000,
  /** One mapped field's value, serialised. */
  fieldBytesMax: 1024 * 1024,
  /** Text a canonical record may hold in one field. */
  textCharsMax: 100_000,
  /** One file. Larger ones are drawings and films that no work order needs on a second system; vendors refuse them far below. */
  fileBytesMax: 100 * 1024 * 1024,
  /** One row of file content: what a worker holds in memory of a file, and far below what a row may be. */
  fileChunkBytes: 256 * 1024,
  /** Records whose files one activity looks at; the step also ends after `fileStepMs`. Both keep files from holding up records. */
  fileRecordsPerStepMax: 50,
  fileStepMs: 1_000,
  /** Pause before a pass goes on with files that an earlier step left, so that what people wait for comes between. */
  fileRestMs: 500,
  /** Tries of one record's files, over about two hours; what is left then waits for the record's next change or the daily look. */
  fileAttemptsMax: 12,
  /** Failures of the vendor's service in a row after which a step leaves the rest of the files for later. */
  fileOutagesMax: 3,
  /** One upload, from the first byte to the answer: 100 MiB at 350 kB a second. */
  fileUploadMs: 300_000,
  /** The daily look at files goes to records that changed within this time: files are added to work that goes on. */
  fileLookBackDays: 30,
  /** Content that belongs to no file after this long is what a broken transfer left; no transfer lasts a day. */
  fileUnusedMs: 24 * 60 * 60 * 1_000,
  /** How old the last look at a vendor's schema may be before a pass looks again: schemas change by releases, and a look costs up to ten calls. */
  schemaLookMs: 60 * 60 * 1_000,
  /** One look: the dearest are some thirty calls. A system that takes longer is not waited for, its records come first. */
  schemaLookForMs: 60_000,
  /** Names of files that run when opened; they are never carried from one system to another. */
  fileExtensionsRefused:
    'app bat cmd com cpl dll exe hta jar js jse lnk msc msi msp pif ps1 reg scr sh vbe vbs wsf wsh'.split(
      ' ',
    ),
} as const;
