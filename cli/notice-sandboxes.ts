/** Receivers of notices to try them with: a mail server and the APIs of Slack and Twilio. An explicit list, like the vendors'. */
import { startMailSandbox } from '../channels/mail/sandbox/index.ts';
import { startSlackSandbox } from '../channels/slack/sandbox/index.ts';
import { startTwilioSandbox } from '../channels/sms/sandbox/index.ts';

export interface NoticeSandbox {
  system: string;
  url: string;
  controlUrl: string;
  credentials: Record<string, string>;
  close(): Promise<void>;
}

interface Ports {
  port?: number;
  controlPort?: number;
}

export const noticeSandboxes: Readonly<Record<string, (ports: Ports) => Promise<NoticeSandbox>>> = {
  mail: async (ports) => {
    const { host, port, ...sandbox } = await startMailSandbox(ports);
    return { ...sandbox, credentials: { ...sandbox.credentials, host, port: String(port) } };
  },
  slack: startSlackSandbox,
  twilio: startTwilioSandbox,
};
