/// Optional fields that software leaves out, by node.
struct StorageOmissions {
  let owner: Bool
  let region: Bool
  let hours: Bool
  let errors: Bool
  let auditBytes: Bool
  /// As a checker.
  let group: Bool
  let checksum: Bool
  let elapsed: Bool
  let calmFlag: Bool

  init(_ member: CastMember, seed: UInt64) {
    var random = RandomStream(seed: WorkHash.mix(seed, UInt64(member.index) | 1 << 41))
    owner = random.chance(0.1)
    region = random.chance(0.1)
    hours = random.chance(0.07)
    errors = random.chance(0.08)
    auditBytes = random.chance(0.1)
    group = random.chance(0.06)
    let isLiar = if case .attack("S3", _) = member.part { true } else { false }
    checksum = random.chance(0.08) && !isLiar
    elapsed = random.chance(0.05)
    calmFlag = random.chance(0.5)
  }
}

extension StorageDay {
  /// Writes the rows in time order.
  func write(_ cast: [CastMember], to writer: inout RecordWriter) {
    let start = day * 86_400_000
    let omits = StorageOmissions(provider.member, seed: seed)
    let contents = provider.shelf.map(StorageContent.identifier)
    var checkers: [Int: StorageOmissions] = [:]
    writer.begin(node: provider.member.id)
    for row in rows.inOrder {
      let time = start + row.ms
      switch row.kind {
      case .claim: writeClaim(time, omits, &writer)
      case .retrieval:
        let retrieval = rows.retrievals[row.index]
        let checker = cast[retrieval.checker]
        let known = checkers[retrieval.checker]
        let seen = known ?? StorageOmissions(checker, seed: seed)
        if known == nil { checkers[retrieval.checker] = seen }
        write(retrieval, by: checker.id, contents[retrieval.item], time, seen, &writer)
      case .audit: write(rows.audits[row.index], time, omits, &writer)
      case .proof:
        let proof = rows.proofs[row.index]
        writer.record("proof", at: time) { out in
          out.integer("sectors", proof.sectors)
          out.number("late_ms", proof.lateMs, digits: 0)
          out.flag("valid", proof.isValid)
        }
      case .drive: write(rows.drives[row.index], time, omits, &writer)
      }
    }
  }

  private func writeClaim(
    _ time: Int64, _ omits: StorageOmissions, _ writer: inout RecordWriter
  ) {
    writer.record("claim", at: time) { out in
      if !omits.owner { out.text("owner", provider.owner) }
      if !omits.region { out.text("region", StorageSite.regions[provider.site.region].name) }
      out.number("capacity_gib", provider.capacityGiB, digits: 0)
      out.integer("drives", provider.claimedDrives)
    }
  }

  private func write(
    _ row: StorageRows.Retrieval, by checker: String, _ cid: String, _ time: Int64,
    _ omits: StorageOmissions, _ writer: inout RecordWriter
  ) {
    writer.record("retrieval", at: time) { out in
      out.text("checker", checker)
      out.text("cid", cid)
      if !omits.group { out.text("inet_group", provider.inetGroup) }
      if !omits.checksum, let key = row.checksum {
        out.text("checksum", "1220" + WorkHash.hex(key, 64))
      }
      out.number("ttfb_ms", row.ttfbMs, digits: 1)
      if !omits.elapsed { out.number("elapsed_ms", row.elapsedMs, digits: 1) }
      out.number("bytes", row.bytes, digits: 0)
      out.integer("status", row.status)
      if row.isTimeout || omits.calmFlag { out.flag("timeout", row.isTimeout) }
    }
  }

  private func write(
    _ row: StorageRows.Audit, _ time: Int64, _ omits: StorageOmissions,
    _ writer: inout RecordWriter
  ) {
    writer.record("audit", at: time) { out in
      out.text("outcome", row.outcome)
      if !omits.auditBytes { out.number("bytes", row.bytes, digits: 0) }
      out.number("elapsed_ms", row.elapsedMs, digits: 0)
    }
  }

  private func write(
    _ row: (index: Int, hour: Double), _ time: Int64, _ omits: StorageOmissions,
    _ writer: inout RecordWriter
  ) {
    let drive = provider.drives[row.index]
    writer.record("drive", at: time) { out in
      out.text("drive_id", drive.id)
      out.text("drive_model", drive.model)
      out.number("capacity_gib", drive.gibibytes, digits: 1)
      // Hours run on with the day; a dead counter stands at zero.
      let hours = drive.hours < 0 ? 0 : drive.hours + hoursRun + row.hour
      if !omits.hours { out.number("power_on_h", hours.rounded(.down), digits: 0) }
      if !omits.errors { out.number("errors", drive.errors, digits: 0) }
    }
  }
}
