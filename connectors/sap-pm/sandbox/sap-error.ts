/** SAP's error envelopes (contract 5): JSON for V2 and V4, XML when JSON was not asked for. */

export interface ErrorDetail {
  code: string;
  message: string;
  severity: 'error' | 'warning' | 'info';
  target: string;
  contentId?: string;
}

export interface ErrorMore {
  /** The property at fault. */
  target?: string;
  headers?: Record<string, string>;
  details?: readonly ErrorDetail[];
}

export class SapError extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: ErrorMore;
  /** Id of the part of a change set that failed. */
  contentId = '';
  constructor(status: number, code: string, message: string, more: ErrorMore = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

export interface ErrorFrame {
  service: string;
  version: string;
  transaction: string;
  nowMs: number;
}

function stamp(nowMs: number): string {
  const digits = new Date(nowMs).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 14)}.${digits.slice(14)}0000`;
}

function detailsOf(error: SapError): ErrorDetail[] {
  const own: ErrorDetail = {
    code: error.code,
    message: error.message,
    severity: 'error',
    target: error.more.target ?? '',
  };
  const exception: ErrorDetail = {
    code: '/IWBEP/CX_MGW_BUSI_EXCEPTION',
    message: '',
    severity: 'error',
    target: '',
  };
  return [own, ...(error.more.details ?? []), exception];
}

export function errorV2(error: SapError, frame: ErrorFrame): object {
  return {
    error: {
      code: error.code,
      message: { lang: 'en', value: error.message },
      innererror: {
        application: {
          component_id: 'PM-WOC',
          service_namespace: '/SAP/',
          service_id: frame.service,
          service_version: frame.version,
        },
        transactionid: frame.transaction,
        timestamp: stamp(frame.nowMs),
        Error_Resolution: {
          SAP_Transaction: 'Run transaction /IWFND/ERROR_LOG on the SAP gateway hub system',
          SAP_Note:
            'See SAP Note 1797736 for error analysis (https://service.sap.com/sap/support/notes/1797736)',
        },
        errordetails: detailsOf(error).map(({ code, message, severity, target, contentId }) => ({
          ContentID: contentId ?? error.contentId,
          code,
          message,
          propertyref: '',
          severity,
          transition: false,
          target,
        })),
      },
    },
  };
}

export function errorV4(error: SapError, frame: ErrorFrame): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.more.target === undefined ? {} : { target: error.more.target }),
      details: (error.more.details ?? []).map(({ code, message, target }) => ({
        code,
        message,
        target,
        '@Common.numericSeverity': 4,
      })),
      innererror: {
        transactionid: frame.transaction,
        timestamp: stamp(frame.nowMs),
        ErrorDetails: {
          '@SAP__common.Application': {
            ComponentId: 'PM-EQM',
            ServiceRepository: 'SRVD_A2X',
            ServiceId: frame.service,
            ServiceVersion: frame.version,
          },
        },
      },
    },
  };
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function errorXml(error: SapError, frame: ErrorFrame): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">' +
    `<code>${escapeXml(error.code)}</code><message xml:lang="en">${escapeXml(error.message)}</message>` +
    `<innererror><transactionid>${frame.transaction}</transactionid><timestamp>${stamp(frame.nowMs)}</timestamp></innererror></error>`
  );
}
