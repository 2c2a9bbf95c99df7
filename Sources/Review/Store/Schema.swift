import GRDB

/// The tables, as migrations: each runs once, in order, in a transaction of its own.
///
/// What comes from bundles and may hold any character, such as names of nodes and groups, is stored
/// as the bytes of its UTF-8: SQLite's texts end at the first zero for most of its readers, and
/// bytes alone tell apart what Unicode calls equal.
enum Schema {
  /// "assy": tells a store from other SQLite files.
  static let applicationID = 0x6173_7379

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      for statement in [people, audit, bundles, items, work].joined() {
        try db.execute(sql: statement)
      }
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    let additions = [
      ("front", front), ("owners", owners), ("views", views), ("names", names),
      ("answers", answers), ("indexes", indexes),
    ]
    for (name, statements) in additions {
      migrator.registerMigration(name) { db in
        for statement in statements { try db.execute(sql: statement) }
      }
    }
    return migrator
  }

  private static let people = [
    """
    CREATE TABLE person (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL, is_active INTEGER NOT NULL, password TEXT,
      link_hash BLOB UNIQUE, link_expires INTEGER, created_at INTEGER NOT NULL) STRICT
    """,
    // What the command line does is done by row 0.
    """
    INSERT INTO person (id, name, name_key, role, is_active, created_at)
      VALUES (0, 'console', 'console', 'admin', 1, 0)
    """,
    """
    CREATE TABLE session (
      token_hash BLOB PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
      created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX session_person ON session (person_id)",
    """
    CREATE TABLE sign_in_failure (
      id INTEGER PRIMARY KEY, name_key TEXT NOT NULL, address TEXT NOT NULL,
      at INTEGER NOT NULL) STRICT
    """,
    "CREATE INDEX failure_name ON sign_in_failure (name_key, at)",
    "CREATE INDEX failure_address ON sign_in_failure (address, at)",
    """
    CREATE TABLE saved_view (
      id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
      name TEXT NOT NULL, filter TEXT NOT NULL, UNIQUE (person_id, name)) STRICT
    """,
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  ]

  /// The trail only grows, in order, and its end is kept twice. Whoever writes the file itself can
  /// do otherwise; that is found by the hashes.
  private static let audit = [
    """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, person_id INTEGER, person TEXT NOT NULL,
      action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL,
      hash TEXT NOT NULL) STRICT
    """,
    "CREATE INDEX audit_subject ON audit (subject, id)",
    """
    CREATE TABLE audit_head (
      id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash TEXT NOT NULL) STRICT
    """,
    "INSERT INTO audit_head VALUES (1, 0, '\(AuditEntry.firstPrevious)')",
    """
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never cut'); END
    """,
    """
    CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END
    """,
    """
    CREATE TRIGGER audit_grows_in_order BEFORE INSERT ON audit
    WHEN NEW.id <> (SELECT count + 1 FROM audit_head)
      OR NEW.previous <> (SELECT hash FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'the audit trail grows at its end'); END
    """,
    """
    CREATE TRIGGER audit_is_counted AFTER INSERT ON audit
    BEGIN UPDATE audit_head SET count = NEW.id, hash = NEW.hash; END
    """,
    """
    CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the end of the audit trail is kept'); END
    """,
    """
    CREATE TRIGGER audit_head_follows BEFORE UPDATE ON audit_head
    WHEN NEW.count <> OLD.count + 1
      OR NEW.hash IS NOT (SELECT hash FROM audit WHERE id = NEW.count)
    BEGIN SELECT RAISE(ABORT, 'the end of the audit trail follows its rows'); END
    """,
  ]

  private static let bundles = [
    """
    CREATE TABLE bundle (
      id INTEGER PRIMARY KEY, profile TEXT NOT NULL, epoch INTEGER NOT NULL,
      revision INTEGER NOT NULL, path TEXT NOT NULL, statement TEXT NOT NULL UNIQUE,
      root TEXT NOT NULL, accepted INTEGER NOT NULL, held INTEGER NOT NULL,
      rejected INTEGER NOT NULL, abstained INTEGER NOT NULL, signers TEXT NOT NULL,
      policy BLOB NOT NULL, reasons BLOB NOT NULL, imported_at INTEGER NOT NULL,
      imported_by INTEGER NOT NULL REFERENCES person (id),
      UNIQUE (profile, epoch, revision)) STRICT
    """,
    """
    CREATE TRIGGER bundle_is_kept BEFORE DELETE ON bundle
    BEGIN SELECT RAISE(ABORT, 'bundles are never removed'); END
    """,
    """
    CREATE TRIGGER bundle_is_final BEFORE UPDATE ON bundle
    BEGIN SELECT RAISE(ABORT, 'bundles are never changed'); END
    """,
  ]

  /// `rank` is the negative priority, so that the queue runs upwards by (rank, id) and a page begins
  /// after one pair of them. Indexes are named after what a filter fixes; each goes on in the order
  /// of the queue.
  private static let items = [
    """
    CREATE TABLE reason_bit (
      profile TEXT NOT NULL, code TEXT NOT NULL, bit INTEGER NOT NULL,
      PRIMARY KEY (profile, code)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE item (
      id INTEGER PRIMARY KEY, profile TEXT NOT NULL, epoch INTEGER NOT NULL, node BLOB NOT NULL,
      node_search BLOB NOT NULL, peer_group BLOB NOT NULL, revision INTEGER NOT NULL,
      verdict_id INTEGER, run_verdict TEXT NOT NULL, verdict TEXT NOT NULL,
      score_ppm INTEGER NOT NULL, q_ppb INTEGER NOT NULL, units_micro INTEGER NOT NULL,
      rank INTEGER NOT NULL, reason_bits INTEGER NOT NULL, top_reasons TEXT NOT NULL,
      state TEXT NOT NULL,
      assignee_id INTEGER REFERENCES person (id), holder_id INTEGER REFERENCES person (id),
      locked_until INTEGER, snoozed_until INTEGER, due_at INTEGER NOT NULL,
      has_appeal INTEGER NOT NULL, version INTEGER NOT NULL,
      UNIQUE (profile, epoch, node)) STRICT
    """,
    "CREATE INDEX item_rank ON item (rank, id)",
    "CREATE INDEX item_state ON item (state, rank, id)",
    "CREATE INDEX item_profile ON item (profile, rank, id)",
    "CREATE INDEX item_profile_state ON item (profile, state, rank, id)",
    "CREATE INDEX item_epoch ON item (profile, epoch, rank, id)",
    "CREATE INDEX item_epoch_state ON item (profile, epoch, state, rank, id)",
    "CREATE INDEX item_group ON item (peer_group, rank, id)",
    "CREATE INDEX item_verdict ON item (verdict, rank, id)",
    "CREATE INDEX item_holder ON item (holder_id, rank, id) WHERE holder_id IS NOT NULL",
    "CREATE INDEX item_appeal ON item (rank, id) WHERE has_appeal = 1",
    // Everything that counts are of, so that they read no rows.
    """
    CREATE INDEX item_counts ON item
      (state, profile, epoch, peer_group, reason_bits, verdict, has_appeal, due_at)
    """,
    "CREATE INDEX item_lock ON item (locked_until) WHERE locked_until IS NOT NULL",
    "CREATE INDEX item_snooze ON item (snoozed_until) WHERE snoozed_until IS NOT NULL",
    "CREATE INDEX item_node ON item (node, epoch)",
    """
    CREATE TABLE verdict (
      id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item (id),
      bundle_id INTEGER NOT NULL REFERENCES bundle (id), leaf TEXT NOT NULL,
      verdict TEXT NOT NULL, score_ppm INTEGER NOT NULL, q_ppb INTEGER NOT NULL,
      units_micro INTEGER NOT NULL, line BLOB NOT NULL) STRICT
    """,
    "CREATE INDEX verdict_item ON verdict (item_id)",
    """
    CREATE TABLE item_reason (
      code TEXT NOT NULL, rank INTEGER NOT NULL, item_id INTEGER NOT NULL REFERENCES item (id),
      PRIMARY KEY (code, rank, item_id)) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX item_reason_item ON item_reason (item_id)",
  ]

  private static let work = [
    """
    CREATE TABLE note (
      id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item (id), text TEXT NOT NULL,
      person_id INTEGER NOT NULL REFERENCES person (id), at INTEGER NOT NULL) STRICT
    """,
    "CREATE INDEX note_item ON note (item_id)",
    """
    CREATE TABLE decision (
      id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item (id),
      verdict_id INTEGER NOT NULL REFERENCES verdict (id), from_verdict TEXT NOT NULL,
      finding TEXT NOT NULL, verdict TEXT NOT NULL, comment TEXT NOT NULL,
      decided_by INTEGER NOT NULL REFERENCES person (id), decided_at INTEGER NOT NULL,
      status TEXT NOT NULL, answered_by INTEGER REFERENCES person (id), answered_at INTEGER,
      answer TEXT, exported_in INTEGER, CHECK (answered_by IS NOT decided_by)) STRICT
    """,
    "CREATE INDEX decision_item ON decision (item_id, id)",
    "CREATE INDEX decision_status ON decision (status, exported_in, item_id)",
    // Nothing is decided twice, whatever the rules above overlook.
    "CREATE UNIQUE INDEX decision_pending ON decision (item_id) WHERE status = 'pending'",
    """
    CREATE UNIQUE INDEX decision_in_force ON decision (item_id)
      WHERE status = 'approved' AND exported_in IS NULL
    """,
    """
    CREATE TRIGGER decision_is_kept BEFORE DELETE ON decision
    BEGIN SELECT RAISE(ABORT, 'decisions are never removed'); END
    """,
    """
    CREATE TABLE appeal (
      id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item (id),
      verdict_id INTEGER NOT NULL REFERENCES verdict (id), packet BLOB NOT NULL,
      packet_digest TEXT NOT NULL, records INTEGER NOT NULL, statement TEXT NOT NULL,
      status TEXT NOT NULL, received_by INTEGER NOT NULL REFERENCES person (id),
      received_at INTEGER NOT NULL, reason TEXT, answered_by INTEGER REFERENCES person (id),
      answered_at INTEGER) STRICT
    """,
    "CREATE INDEX appeal_item ON appeal (item_id)",
    "CREATE UNIQUE INDEX appeal_open ON appeal (item_id) WHERE status = 'open'",
  ]
}
