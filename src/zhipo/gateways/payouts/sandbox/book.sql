-- One channel's book. Nothing in it keeps a reference from being paid twice but the channel's
-- own care: movement has no such constraint, so that a fault would show.

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS transfer (
    reference TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    fen INTEGER NOT NULL CHECK (fen > 0),
    payee TEXT NOT NULL,
    payee_name TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    package TEXT NOT NULL,
    callback_to TEXT NOT NULL,
    batch TEXT NOT NULL DEFAULT '',
    confirmed INTEGER NOT NULL DEFAULT 0,
    due_at TEXT
);
CREATE INDEX IF NOT EXISTS transfer_due ON transfer (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfer_of ON transfer (batch) WHERE batch <> '';

CREATE TABLE IF NOT EXISTS movement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    reference TEXT NOT NULL,
    fen INTEGER NOT NULL CHECK (fen > 0),
    payee TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS movement_at ON movement (at);

CREATE TABLE IF NOT EXISTS tally (
    day TEXT NOT NULL,
    payee TEXT NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (day, payee)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS behaviour (
    reference TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS next_behaviour (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS callback (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL,
    manner TEXT NOT NULL,
    tried INTEGER NOT NULL DEFAULT 0,
    is_done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS callback_open ON callback (position) WHERE is_done = 0;

CREATE TABLE IF NOT EXISTS nonce (
    nonce TEXT PRIMARY KEY,
    seen REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS nonce_seen ON nonce (seen);

CREATE TABLE IF NOT EXISTS batch (
    number TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    ready_at TEXT NOT NULL
);
