-- The default layout for SQLite. Times are texts in UTC, `2026-03-01 08:15:00.000`; a trigger keeps updated_at.

create table people (
  id integer primary key,
  code text,
  name text not null,
  first_name text,
  last_name text,
  email text,
  phone text,
  job_title text,
  is_active boolean,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index people_changes on people (updated_at, id);
create trigger people_touch after update on people when new.updated_at is old.updated_at begin
  update people set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table locations (
  id integer primary key,
  code text,
  name text not null,
  description text,
  kind text,
  parent_id integer references locations (id),
  address text,
  latitude real,
  longitude real,
  timezone text,
  is_active boolean,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index locations_changes on locations (updated_at, id);
create trigger locations_touch after update on locations when new.updated_at is old.updated_at begin
  update locations set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table assets (
  id integer primary key,
  tag text,
  name text not null,
  description text,
  asset_type text,
  category text,
  status text,
  parent_id integer references assets (id),
  location_id integer references locations (id),
  responsible_person integer references people (id),
  manufacturer text,
  model text,
  serial_number text,
  criticality integer,
  installation_date date,
  warranty_expiry date,
  purchase_cost real,
  replacement_cost real,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index assets_changes on assets (updated_at, id);
create trigger assets_touch after update on assets when new.updated_at is old.updated_at begin
  update assets set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table parts (
  id integer primary key,
  part_number text,
  name text not null,
  description text,
  unit text,
  category text,
  is_active boolean,
  unit_cost real,
  quantity_on_hand real,
  reorder_point real,
  bin text,
  location_id integer references locations (id),
  barcode text,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index parts_changes on parts (updated_at, id);
create trigger parts_touch after update on parts when new.updated_at is old.updated_at begin
  update parts set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table meters (
  id integer primary key,
  code text,
  name text not null,
  meter_type text,
  unit text,
  asset_id integer references assets (id),
  location_id integer references locations (id),
  last_reading real,
  last_reading_at datetime,
  is_active boolean,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index meters_changes on meters (updated_at, id);
create trigger meters_touch after update on meters when new.updated_at is old.updated_at begin
  update meters set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table maintenance_schedules (
  id integer primary key,
  code text,
  name text not null,
  description text,
  asset_id integer references assets (id),
  location_id integer references locations (id),
  assigned_to integer references people (id),
  maintenance_type text,
  priority text,
  is_active boolean,
  every_n integer,
  every_unit text,
  timezone text,
  next_scheduled datetime,
  last_executed datetime,
  estimated_duration real,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index maintenance_schedules_changes on maintenance_schedules (updated_at, id);
create trigger maintenance_schedules_touch after update on maintenance_schedules when new.updated_at is old.updated_at begin
  update maintenance_schedules set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table requests (
  id integer primary key,
  title text not null,
  description text,
  status text,
  priority text,
  asset_id integer references assets (id),
  location_id integer references locations (id),
  requested_by integer references people (id),
  assigned_to integer references people (id),
  requested_at datetime,
  due_date datetime,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index requests_changes on requests (updated_at, id);
create trigger requests_touch after update on requests when new.updated_at is old.updated_at begin
  update requests set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;

create table work_orders (
  id integer primary key,
  work_order_number text,
  title text not null,
  description text,
  status text,
  priority text,
  work_order_type text,
  category text,
  asset_id integer references assets (id),
  location_id integer references locations (id),
  schedule_id integer references maintenance_schedules (id),
  requested_by integer references people (id),
  assigned_to integer references people (id),
  requested_at datetime,
  scheduled_start datetime,
  scheduled_end datetime,
  actual_start datetime,
  actual_end datetime,
  due_date datetime,
  estimated_hours real,
  actual_cost real,
  external_ref text unique,
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
create index work_orders_changes on work_orders (updated_at, id);
create trigger work_orders_touch after update on work_orders when new.updated_at is old.updated_at begin
  update work_orders set updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = new.id;
end;
