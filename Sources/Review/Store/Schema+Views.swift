extension Schema {
  /// What pages draw beside the verdicts: it can be made again from the bundles and the logs.
  static let views = [
    """
    CREATE TABLE record_index (
      profile TEXT NOT NULL, epoch INTEGER NOT NULL, start INTEGER NOT NULL,
      width INTEGER NOT NULL, PRIMARY KEY (profile, epoch)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE item_records (
      item_id INTEGER PRIMARY KEY REFERENCES item (id), evidence BLOB NOT NULL,
      series BLOB NOT NULL, places BLOB) STRICT
    """,
    """
    CREATE TABLE peer_band (
      profile TEXT NOT NULL, epoch INTEGER NOT NULL, peer_group BLOB NOT NULL,
      nodes INTEGER NOT NULL, bands BLOB NOT NULL,
      PRIMARY KEY (profile, epoch, peer_group)) STRICT
    """,
    """
    CREATE TABLE night (
      bundle_id INTEGER PRIMARY KEY REFERENCES bundle (id), inputs BLOB NOT NULL,
      summary BLOB NOT NULL, drift BLOB, model BLOB NOT NULL, muted BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE shadow (
      id INTEGER PRIMARY KEY, bundle_id INTEGER NOT NULL REFERENCES bundle (id),
      statement TEXT NOT NULL, path TEXT NOT NULL, settings BLOB NOT NULL,
      transitions BLOB NOT NULL, common INTEGER NOT NULL, only_before INTEGER NOT NULL,
      only_after INTEGER NOT NULL, other_evidence INTEGER NOT NULL, flips INTEGER NOT NULL,
      imported_at INTEGER NOT NULL, imported_by INTEGER NOT NULL REFERENCES person (id),
      UNIQUE (bundle_id, statement)) STRICT
    """,
    // `place` is the flip's in the order of units at stake.
    """
    CREATE TABLE shadow_flip (
      shadow_id INTEGER NOT NULL REFERENCES shadow (id), place INTEGER NOT NULL,
      node BLOB NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, lost TEXT NOT NULL,
      gained TEXT NOT NULL, raw_before INTEGER NOT NULL, raw_after INTEGER NOT NULL,
      q_before INTEGER NOT NULL, q_after INTEGER NOT NULL, units_micro INTEGER NOT NULL,
      PRIMARY KEY (shadow_id, place)) STRICT, WITHOUT ROWID
    """,
  ]
}
