-- One institution's book. Balances are sums of movements, freezes are never deleted.

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS object (
    reference TEXT PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    content TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS movement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL REFERENCES object,
    at TEXT NOT NULL,
    fen INTEGER NOT NULL,
    counterparty TEXT NOT NULL,
    memo TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS movement_of ON movement (reference, at);

CREATE TABLE IF NOT EXISTS freeze (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL REFERENCES object,
    court TEXT NOT NULL,
    court_name TEXT NOT NULL,
    case_number TEXT NOT NULL,
    limit_fen INTEGER CHECK (limit_fen >= 0),
    until TEXT NOT NULL,
    is_lifted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS freeze_on ON freeze (reference, position);

CREATE TABLE IF NOT EXISTS arrival (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    court TEXT NOT NULL,
    body BLOB NOT NULL,
    receipt BLOB NOT NULL,
    state TEXT NOT NULL,
    due_at TEXT
);
CREATE INDEX IF NOT EXISTS arrival_due ON arrival (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS reply (
    order_id TEXT PRIMARY KEY REFERENCES arrival (order_id),
    body BLOB NOT NULL,
    receipt BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS answer (
    order_id TEXT NOT NULL REFERENCES arrival (order_id),
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (order_id, part)
);

CREATE TABLE IF NOT EXISTS behaviour (
    order_id TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS next_behaviour (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS post (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL REFERENCES arrival (order_id),
    tried INTEGER NOT NULL DEFAULT 0,
    is_done INTEGER NOT NULL DEFAULT 0
);
