/** What the systems can do, as people read it: one row per entity. */
export interface EntityCapabilityView {
  read: boolean;
  pull: string;
  create: boolean;
  update: boolean;
  remove: boolean;
  comments: string;
  attachments: string;
  find_created: string;
  note: string | null;
}
