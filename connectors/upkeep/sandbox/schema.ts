/**
 * The resources as data (contract 3): fields and their types, what a create needs, which filters, orders and includes
 * a list knows. Spellings the contract marks as "pick" are taken from there.
 */

export type FieldType =
  | 'text'
  | 'number'
  | 'integer'
  | 'priority'
  | 'boolean'
  | 'date'
  | 'texts'
  | 'integers'
  | 'json'
  | { ref: ObjectName }
  | { refs: ObjectName }
  | { oneOf: readonly string[] };

export const OBJECTS = [
  'users',
  'teams',
  'locations',
  'asset-downtime-statuses',
  'assets',
  'parts',
  'meters',
  'readings',
  'requests',
  'work-orders',
  'update-messages',
  'pm',
  'pm-schedules',
  'files',
] as const;
export type ObjectName = (typeof OBJECTS)[number];

export interface ObjectDef {
  /** As error messages name it: `work order not found`. */
  singular: string;
  plural: string;
  ids: 'short' | 'hex';
  required: readonly string[];
  /** Fields a client may send. */
  fields: Readonly<Record<string, FieldType>>;
  /** Accepted, kept, never shown. */
  writeOnly: readonly string[];
  /** Exact-match list filters. */
  filters: readonly string[];
  /** Fields with `GreaterThanOrEqualTo` / `LessThanOrEqualTo` filters. */
  ranges: readonly string[];
  orderBy: readonly string[];
  /** References that `includes` expands. */
  includes: Readonly<Record<string, ObjectName>>;
  createdByUser: boolean;
}

const USER = { ref: 'users' } as const;
const TEAM = { ref: 'teams' } as const;
const LOCATION = { ref: 'locations' } as const;
const ASSET = { ref: 'assets' } as const;
const STAMPS = ['createdAt', 'updatedAt'] as const;

export const STATUSES = ['open', 'onHold', 'inProgress', 'complete'] as const;
export const ACCOUNT_TYPES = [
  'ADMIN',
  'LIMITED_ADMIN',
  'TECHNICIAN',
  'LIMITED_TECHNICIAN',
  'VIEW_ONLY',
  'REQUESTER',
] as const;

function define(
  singular: string,
  fields: Readonly<Record<string, FieldType>>,
  rest: Partial<Omit<ObjectDef, 'singular' | 'fields'>>,
): ObjectDef {
  return {
    singular,
    plural: `${singular}s`,
    ids: 'short',
    required: ['name'],
    fields,
    writeOnly: [],
    filters: [],
    ranges: [],
    orderBy: [],
    includes: {},
    createdByUser: false,
    ...rest,
  };
}

export const SCHEMA: Readonly<Record<ObjectName, ObjectDef>> = {
  users: define(
    'user',
    {
      email: 'text',
      password: 'text',
      accountType: { oneOf: ACCOUNT_TYPES },
      firstName: 'text',
      lastName: 'text',
      phoneNumber: 'text',
      jobTitle: 'text',
    },
    {
      required: ['email', 'password', 'accountType'],
      writeOnly: ['password'],
      filters: ['email', 'accountType'],
    },
  ),
  teams: define(
    'team',
    { name: 'text', description: 'text' },
    { required: ['name', 'description'], filters: ['name'] },
  ),
  locations: define(
    'location',
    {
      name: 'text',
      address: 'text',
      longitude: 'number',
      latitude: 'number',
      hideMap: 'boolean',
      parentLocation: LOCATION,
      barcode: 'text',
    },
    {
      filters: ['name', 'parentLocation', 'createdByUser', 'barcode', 'hierarchyLevel'],
      ranges: STAMPS,
      orderBy: STAMPS,
      includes: { createdByUser: 'users', parentLocation: 'locations' },
      createdByUser: true,
    },
  ),
  'asset-downtime-statuses': define(
    'asset downtime status',
    { name: 'text', isDowntime: 'boolean' },
    { plural: 'asset downtime statuses' },
  ),
  assets: define(
    'asset',
    {
      name: 'text',
      description: 'text',
      model: 'text',
      serialNumber: 'text',
      barcode: 'text',
      make: 'text',
      category: 'text',
      area: 'text',
      location: LOCATION,
      parentAsset: ASSET,
      assignedToUser: USER,
      status: { oneOf: ['active', 'inactive'] },
      downtimeStatus: { ref: 'asset-downtime-statuses' },
    },
    {
      filters: [
        'name',
        'location',
        'status',
        'category',
        'assignedToUser',
        'createdByUser',
        'downtimeStatus',
        'serialNumber',
        'barcode',
      ],
      ranges: STAMPS,
      orderBy: STAMPS,
      includes: {
        location: 'locations',
        parentAsset: 'assets',
        createdByUser: 'users',
        assignedToUser: 'users',
      },
      createdByUser: true,
    },
  ),
  parts: define(
    'part',
    {
      name: 'text',
      quantity: 'number',
      minimumQuantity: 'number',
      cost: 'number',
      category: 'text',
      partNumber: 'text',
      barcode: 'text',
      area: 'text',
      location: LOCATION,
    },
    {
      filters: ['name', 'category', 'location', 'createdByUser', 'partNumber'],
      ranges: STAMPS,
      orderBy: STAMPS,
      includes: { location: 'locations', createdByUser: 'users' },
      createdByUser: true,
    },
  ),
  meters: define(
    'meter',
    { name: 'text', units: 'text', frequency: 'number', asset: ASSET, location: LOCATION },
    {
      filters: ['name', 'asset', 'location'],
      ranges: STAMPS,
      orderBy: STAMPS,
      includes: { asset: 'assets', location: 'locations', createdByUser: 'users' },
      createdByUser: true,
    },
  ),
  readings: define(
    'reading',
    { meter: { ref: 'meters' }, value: 'number', date: 'date' },
    { required: ['meter', 'value'] },
  ),
  requests: define(
    'request',
    {
      title: 'text',
      description: 'text',
      priority: 'priority',
      location: LOCATION,
      asset: ASSET,
      team: TEAM,
      assignedToUser: USER,
      dueDate: 'date',
    },
    { required: ['title'] },
  ),
  'work-orders': define(
    'work order',
    {
      title: 'text',
      description: 'text',
      status: { oneOf: STATUSES },
      priority: 'priority',
      category: 'text',
      startDate: 'date',
      dueDate: 'date',
      endDueDate: 'date',
      estimatedDuration: 'number',
      asset: ASSET,
      location: LOCATION,
      assignedToUser: USER,
      additionalUsers: { refs: 'users' },
      team: TEAM,
      parts: { refs: 'parts' },
      respectivePartQuantityUsed: 'integers',
      decreaseInventory: { oneOf: ['auto', 'manual'] },
      time: 'number',
      cost: 'number',
      archived: 'boolean',
      files: { refs: 'files' },
    },
    {
      required: ['title'],
      // Shown by the single get only (contract 3.1).
      writeOnly: ['files'],
      filters: ['status', 'priority', 'category', 'asset', 'location', 'assignedToUser', 'title'],
      ranges: [...STAMPS, 'dueDate'],
      orderBy: [...STAMPS, 'dueDate', 'endDueDate', 'dateCompleted'],
      includes: {
        asset: 'assets',
        location: 'locations',
        assignedToUser: 'users',
        assignedByUser: 'users',
        requestedByUser: 'users',
        completedByUser: 'users',
        team: 'teams',
      },
    },
  ),
  'update-messages': define(
    'update message',
    { workOrder: { ref: 'work-orders' }, text: 'text' },
    { required: ['workOrder', 'text'], createdByUser: true },
  ),
  pm: define(
    'pm',
    {
      name: 'text',
      mainDescription: 'text',
      note: 'text',
      category: 'text',
      priority: 'priority',
      estimatedTime: 'number',
      createFirstWO: 'boolean',
      requiresSignature: 'boolean',
      tasks: 'json',
      partInventories: 'json',
      files: 'texts',
      images: 'texts',
    },
    { ids: 'hex' },
  ),
  'pm-schedules': define(
    'pm schedule',
    {
      pmTemplate: { ref: 'pm' },
      asset: ASSET,
      location: LOCATION,
      assignee: USER,
      team: TEAM,
      meter: { ref: 'meters' },
      supportUsers: { refs: 'users' },
      timeZone: 'text',
      startDate: 'date',
      endDate: 'date',
      nextTriggerDate: 'date',
      nextDueDate: 'date',
      repeatFrequency: { oneOf: ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] },
      repeatInterval: 'integer',
      scheduleType: 'text',
      cadenceType: 'text',
      cadenceFreq: 'text',
      cadenceInterval: 'integer',
      isBasedOnCompletion: 'boolean',
      weekdays: 'json',
      monthdays: 'json',
      bySetPosition: 'json',
      includeDates: 'json',
      excludedates: 'json',
      inactiveIntervals: 'json',
      meterConditionValue: 'number',
      nextMeterReading: 'number',
      meterDueInterval: 'integer',
      meterDueFrequency: 'text',
      scheduleHasEnded: 'boolean',
    },
    { ids: 'hex', required: ['pmTemplate'] },
  ),
  files: define(
    'file',
    // The content in base64; the size is what it comes to.
    { name: 'text', size: 'integer', mimeType: 'text', content: 'text', key: 'text' },
    { writeOnly: ['content', 'key'] },
  ),
};
