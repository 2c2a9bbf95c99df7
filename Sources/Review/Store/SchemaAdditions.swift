/// What later migrations add to the first tables.
extension Schema {
  /// People whom a front vouches for, and the sessions that are good with its word only.
  static let front = [
    "ALTER TABLE person ADD COLUMN front_issuer TEXT",
    "ALTER TABLE person ADD COLUMN front_subject TEXT",
    "ALTER TABLE person ADD COLUMN front_said_at INTEGER",
    """
    CREATE UNIQUE INDEX person_front ON person (front_issuer, front_subject)
      WHERE front_subject IS NOT NULL
    """,
    "ALTER TABLE session ADD COLUMN from_front INTEGER NOT NULL DEFAULT 0",
  ]

  /// Whose node it is: bundles do not say, a list does. Items repeat it, in the order of the queue.
  static let owners = [
    """
    CREATE TABLE owner (
      profile TEXT NOT NULL, node BLOB NOT NULL, name BLOB NOT NULL,
      PRIMARY KEY (profile, node)) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE item ADD COLUMN owner BLOB",
    "CREATE INDEX item_owner ON item (owner, rank, id) WHERE owner IS NOT NULL",
  ]

  /// The revision whose items an index has: a later one may bring others.
  static let indexes = [
    "ALTER TABLE record_index ADD COLUMN revision INTEGER NOT NULL DEFAULT 0"
  ]

  /// What an owner was told stays what they were told.
  static let answers = [
    "ALTER TABLE appeal ADD COLUMN decision_id INTEGER REFERENCES decision (id)"
  ]

  /// Everything that a search for a part of a name looks at, in the order of the queue: it reads an
  /// entry of each item, but no rows.
  static let names = [
    """
    CREATE INDEX item_name ON item (rank, id, node_search, state, holder_id, has_appeal, due_at)
    """
  ]
}
