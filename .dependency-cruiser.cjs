/**
 * Who may import whom: the one main direction of the project, from outside to inside. `npm run check` fails on anything
 * that is not listed here; tools/boundaries.test.ts proves that each rule can fail. Test files and test/ may import everything.
 */

const TESTS = '\\.(test|fixture)\\.ts$';
/** Node's own modules that do no I/O; where a layer may not touch the world, it may still hash. */
const PURE_NODE = '^(node:)?(assert|buffer|crypto|stream|url|util)$';
const npm = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;

/**
 * One layer: files below `from` may import `may` at run time and, as types only, `types`. Everything else is a violation.
 * `$1` in a target is what the first group of `from` matched.
 */
function layer({ name, from, except = [], may, types = [], because }) {
  const source = { path: from, pathNot: [TESTS, ...except] };
  const rules = [
    { name, severity: 'error', comment: because, from: source, to: { pathNot: [...may, ...types] } },
  ];
  if (types.length > 0) {
    rules.push({
      name: `${name}-types-only`,
      severity: 'error',
      comment: `${because} These may be imported with \`import type\` only.`,
      from: source,
      to: { path: types, pathNot: may, dependencyTypesNot: ['type-only'] },
    });
  }
  return rules;
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or a third is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere fails when the program runs.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'nobody-imports-cli-or-test',
      severity: 'error',
      comment: 'cli/ builds everything and test/ tries everything; neither is a library.',
      from: { pathNot: ['^cli/', '^test/', '^tools/', '^bench/', TESTS] },
      to: { path: ['^cli/', '^test/'] },
    },
    {
      name: 'fixtures-are-for-tests',
      severity: 'error',
      comment: 'A fixture may use what only tests may use; a benchmark is no part of the program either.',
      from: { pathNot: [TESTS, '^test/', '^bench/', '^connectors/kit/conformance'] },
      to: { path: '\\.fixture\\.ts$' },
    },
    ...layer({
      name: 'kernel',
      from: '^domain/kernel/',
      may: ['^domain/kernel/'],
      because: 'Workflow code loads the kernel, so it may load nothing.',
    }),
    ...layer({
      name: 'domain',
      from: '^domain/',
      except: ['^domain/(kernel|time|recurrence)/'],
      may: ['^domain/', npm('zod'), PURE_NODE],
      because: 'The nouns and rules of maintenance know no I/O and nothing outside themselves.',
    }),
    ...layer({
      name: 'domain-time',
      from: '^domain/time/',
      may: ['^domain/', npm('zod', 'temporal-polyfill'), PURE_NODE],
      because: 'Zone rules come through the Temporal API, in this one place; no clock.',
    }),
    ...layer({
      name: 'domain-recurrence',
      from: '^domain/recurrence/',
      may: ['^domain/', npm('zod', 'rrule-temporal'), PURE_NODE],
      because: 'The recurrence engine is our own; a library only reads the RRULEs of others.',
    }),
    ...layer({
      name: 'mappings',
      from: '^mappings/',
      may: [
        '^mappings/',
        '^domain/',
        npm('zod', 'jsonata', 'yaml'),
        PURE_NODE,
        '^(node:)?(fs|fs/promises|path)$',
      ],
      because: 'The engine compiles and runs mapping files; it knows the domain and no vendor.',
    }),
    ...layer({
      name: 'connector-kit',
      from: '^connectors/kit/',
      except: ['^connectors/kit/sandbox/', '^connectors/kit/conformance'],
      may: ['^connectors/kit/(?!sandbox/)', '^domain/', npm('axios', 'p-retry', 'zod'), '^(node:)?[a-z_/]+$'],
      because: 'The kit is below every connector.',
    }),
    ...layer({
      name: 'sandbox-kit',
      from: '^connectors/kit/sandbox/',
      may: ['^connectors/kit/sandbox/', '^(node:)?[a-z_/]+$'],
      because: 'An imitation that shares code with the client shares its mistakes.',
    }),
    ...layer({
      name: 'connector',
      from: '^connectors/([^/]+)/',
      except: ['^connectors/kit/', '^connectors/[^/]+/sandbox/', '^connectors/(custom|sql)/'],
      may: ['^connectors/$1/(?!sandbox/)', '^connectors/kit/(?!sandbox/)', '^domain/', npm('zod'), PURE_NODE],
      because: 'A connector knows the kit and the domain, no other connector, and never its own sandbox.',
    }),
    ...layer({
      name: 'connector-custom',
      from: '^connectors/(custom)/',
      except: ['^connectors/[^/]+/sandbox/'],
      may: [
        '^connectors/$1/(?!sandbox/)',
        '^connectors/kit/(?!sandbox/)',
        '^domain/',
        npm('zod', 'yaml'),
        PURE_NODE,
      ],
      because: 'A connector as the others, whose document may be YAML text.',
    }),
    ...layer({
      name: 'connector-sql',
      from: '^connectors/(sql)/',
      except: ['^connectors/[^/]+/sandbox/'],
      may: [
        '^connectors/$1/(?!sandbox/)',
        '^connectors/kit/(?!sandbox/)',
        '^domain/',
        npm('zod', 'kysely', 'pg', 'pg-types', 'mysql2'),
        PURE_NODE,
        '^(node:)?(sqlite|net|tls)$',
      ],
      because: 'A connector as the others, whose wire is a database driver instead of HTTP.',
    }),
    ...layer({
      name: 'sandbox',
      from: '^connectors/([^/]+)/sandbox/',
      except: ['^connectors/kit/', '^connectors/sql/'],
      may: ['^connectors/$1/sandbox/', '^connectors/kit/sandbox/', '^(node:)?[a-z_/]+$'],
      because: 'An imitation that shares code with the client shares its mistakes.',
    }),
    ...layer({
      name: 'sandbox-sql',
      from: '^connectors/(sql)/sandbox/',
      may: ['^connectors/$1/sandbox/', '^connectors/kit/sandbox/', npm('pg', 'mysql2'), '^(node:)?[a-z_/]+$'],
      because:
        'The database is a real one; only what a person does in it is imitated, and shares nothing with the client.',
    }),
    {
      name: 'connector-door',
      severity: 'error',
      comment:
        'index.ts is the only file of a connector that others may import; a sandbox is entered by its own index.ts.',
      from: { path: '^(?!connectors/[^/]+/)', pathNot: [TESTS, '^test/'] },
      to: {
        path: '^connectors/[^/]+/',
        pathNot: ['^connectors/kit/', '^connectors/[^/]+/(sandbox/)?index\\.ts$'],
      },
    },
    ...layer({
      name: 'connector-registry',
      from: '^connectors/[^/]+\\.ts$',
      may: ['^connectors/[^/]+/index\\.ts$', '^connectors/kit/(?!sandbox/)', '^domain/'],
      because: 'The registry is a list.',
    }),
    ...layer({
      name: 'channels',
      from: '^channels/',
      except: ['^channels/[^/]+/sandbox/'],
      may: [
        '^channels/(?!.*/sandbox/)',
        '^domain/',
        // The guard of addresses is one for everything that goes out.
        '^connectors/kit/network\\.ts$',
        npm('zod', 'nodemailer', 'liquidjs', '@slack/[^/]+'),
        PURE_NODE,
        '^(node:)?(http|https|net)$',
      ],
      because: 'A channel takes a message to an address; who is told what is decided inside.',
    }),
    ...layer({
      name: 'channel-sandbox',
      from: '^channels/[^/]+/sandbox/',
      may: ['^channels/[^/]+/sandbox/', '^connectors/kit/sandbox/', npm('smtp-server'), '^(node:)?[a-z_/]+$'],
      because: 'An imitation that shares code with the client shares its mistakes.',
    }),
    ...layer({
      name: 'store',
      from: '^store/',
      may: [
        '^store/',
        '^domain/',
        npm('pg', 'pg-types', 'kysely', 'zod'),
        PURE_NODE,
        // Waiting for a lease, knowing that a transaction is under way, and packing the bodies that are kept.
        '^(node:)?(async_hooks|timers/promises|zlib)$',
      ],
      because: 'The store knows the domain, and PostgreSQL.',
    }),
    {
      name: 'only-store-knows-postgres',
      severity: 'error',
      comment:
        'SQL and its drivers stay in two places: our own store, and the connector to databases of others.',
      from: {
        pathNot: [
          '^store/',
          '^connectors/sql/',
          '^cli/',
          '^test/',
          '^tools/',
          '^bench/',
          '^node_modules/',
          TESTS,
        ],
      },
      to: { path: [npm('pg', 'kysely', 'mysql2'), '^(node:)?sqlite$'] },
    },
    ...layer({
      name: 'activities',
      from: '^activities/',
      may: [
        '^activities/',
        '^domain/',
        '^hub/',
        '^plant/',
        npm('@temporalio/activity', '@temporalio/common', 'p-retry', 'zod'),
        PURE_NODE,
      ],
      types: ['^mappings/engine/', '^connectors/', '^store/'],
      because: 'What an activity works with is handed in by a factory.',
    }),
    ...layer({
      name: 'workflows',
      from: '^workflows/',
      may: ['^workflows/', '^domain/kernel/', npm('@temporalio/workflow')],
      types: ['^activities/', '^domain/', npm('@temporalio/common', '@temporalio/client')],
      because: 'Workflow code is replayed: only what is deterministic may be loaded.',
    }),
    ...layer({
      name: 'hub',
      from: '^hub/',
      may: ['^hub/', '^domain/', '^store/', npm('zod'), PURE_NODE],
      because: 'The one writer of hub records knows what they are and where they are kept, not who asks.',
    }),
    ...layer({
      name: 'plant',
      from: '^plant/',
      may: ['^plant/', '^hub/', '^domain/', '^store/', npm('zod', '@temporalio/client'), PURE_NODE],
      types: ['^workflows/'],
      because: 'What people and programs can do exists once, whatever the protocol.',
    }),
    ...layer({
      name: 'api-http',
      from: '^api/http/',
      may: [
        '^api/http/',
        '^plant/',
        '^domain/',
        npm('fastify', '@fastify/[^/]+', 'fastify-type-provider-zod', 'prom-client', 'jose', 'zod'),
        '^(node:)?[a-z_/]+$',
      ],
      because: 'A protocol translates; behaviour is in plant/.',
    }),
    ...layer({
      name: 'api-grpc',
      from: '^api/grpc/',
      may: [
        '^api/(grpc|proto)/',
        '^plant/',
        '^domain/',
        npm('@grpc/[^/]+', '@bufbuild/[^/]+', 'protobufjs', 'zod'),
        '^(node:)?[a-z_/]+$',
      ],
      because: 'A protocol translates; behaviour is in plant/.',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: ['^node_modules/\\.cache', '^\\.chatterfix/', '^coverage/', '^console/dist/', '^go-client/'],
    },
    // Keeps imports that TypeScript erases, so that `import type` can be told from `import`.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
