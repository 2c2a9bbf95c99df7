import Contributions
import Crypto
import Ingestion
import Pipeline
import Profiles
import Synchronization
import Verdicts

/// Judges the items of one profile.
final class ProfileEngine: Sendable {
  let entry: VerifierDescription.ProfileEntry
  private let judging: Judging
  /// Readers that are not in use.
  private let readers = Mutex<[RecordBatchReader]>([])
  /// Readers kept for later; each has buffers of a few megabytes.
  private static let keptReaders = 16

  init(_ source: VerifierConfiguration.ProfileSource, tasks: Int) throws(VerifierError) {
    let profile = source.profile
    do {
      judging = try Judging(
        profile: profile, policy: source.policy, model: source.model, tasks: max(tasks, 1))
    } catch {
      throw VerifierError("profile \(profile.name): \(error)")
    }
    guard source.model.map({ $0.profile == profile.name }) ?? true else {
      throw VerifierError(
        "profile \(profile.name): the model \(source.model?.name ?? "") is of another profile")
    }
    let rules = RuleSet(profile: profile)
    entry = VerifierDescription.ProfileEntry(
      name: profile.name,
      identity: ProfileIdentity(
        policy: Array(SHA256.hash(data: source.policy.bytes)), model: source.model?.digest,
        rules: rules.digest),
      model: source.model.map { .init(name: $0.name, version: $0.version, digest: $0.digest) },
      minimumRecords: judging.minimumRecords, reasons: rules.reasons,
      kinds: profile.schema.kinds.map(\.label))
  }

  /// The answers to items of this profile, in their order.
  func judge(
    _ items: [VerifyItem], of request: VerifyRequest, within deadline: Deadline
  ) async -> [ItemResult] {
    do {
      try deadline.check()
      let epoch = Epoch(day: request.epoch)
      let batch = try read(items, epoch: epoch, latest: request.asOf)
      let nodes = try await profiles(of: batch, within: deadline)
      try deadline.check()
      // An epoch without a node has no table to score.
      let verdicts = nodes.isEmpty ? [] : try await judging.verdicts(on: nodes, epoch: epoch)
      try deadline.check()
      return Self.results(items, batch: batch, verdicts: verdicts)
    } catch {
      return items.map { ItemResult(transient: $0, because: "\(error)") }
    }
  }

  private func read(
    _ items: [VerifyItem], epoch: Epoch, latest: Int64?
  ) throws -> RecordBatch {
    let reader =
      try readers.withLock { $0.popLast() } ?? RecordBatchReader(schema: judging.profile.schema)
    defer {
      readers.withLock { readers in
        if readers.count < Self.keptReaders { readers.append(reader) }
      }
    }
    return try reader.read(items.map(\.records.texts), epoch: epoch, latest: latest)
  }

  /// Nodes below which one task is quicker than several.
  private static let smallestShare = 64

  private func profiles(
    of batch: RecordBatch, within deadline: Deadline
  ) async throws -> [NodeProfile] {
    let profile = judging.profile
    let tasks = min(judging.tasks, batch.nodes.count / Self.smallestShare)
    guard tasks > 1 else {
      return try batch.nodes.map { node in
        try deadline.check()
        return profile.profile(node.records)
      }
    }
    let size = (batch.nodes.count + tasks - 1) / tasks
    return try await withThrowingTaskGroup(of: (Int, [NodeProfile]).self) { group in
      for start in stride(from: 0, to: batch.nodes.count, by: size) {
        group.addTask {
          let nodes = batch.nodes[start..<min(start + size, batch.nodes.count)]
          return (
            start,
            try nodes.map { node in
              try deadline.check()
              return profile.profile(node.records)
            }
          )
        }
      }
      var parts: [(Int, [NodeProfile])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private static func results(
    _ items: [VerifyItem], batch: RecordBatch, verdicts: [Verdict]
  ) -> [ItemResult] {
    var nodes: [[NodeResult]] = Array(repeating: [], count: items.count)
    for (node, verdict) in zip(batch.nodes, verdicts) {
      nodes[node.part].append(NodeResult(verdict))
    }
    return items.indices.map { index in
      ItemResult(items[index], part: batch.parts[index], nodes: nodes[index])
    }
  }
}

extension NodeResult {
  init(_ verdict: Verdict) {
    self.init(
      node: verdict.node, outcome: ItemOutcome(verdict.outcome), scorePpm: verdict.scorePpm,
      rawMicro: verdict.rawMicro, pPpb: verdict.pPpb, qPpb: verdict.qPpb,
      unitsMicro: verdict.unitsMicro, group: verdict.group, evidence: verdict.evidence,
      reasons: verdict.reasons)
  }
}

extension ItemResult {
  /// An item whose records were read.
  init(_ item: VerifyItem, part: RecordBatch.Part, nodes: [NodeResult]) {
    var counts = RecordCounts()
    counts.quarantined = part.quarantined.count
    counts.otherEpochs = part.otherEpochs
    counts.laterThanAsOf = part.later
    let quarantined = part.quarantined.map {
      QuarantinedInput(index: $0.index, reason: $0.reason.rawValue, detail: $0.detail)
    }
    var message: String?
    if let node = part.sharedNode {
      message = "node \(node) has records in another item of the request, too"
    } else if nodes.isEmpty {
      message = "no record of the item can be used"
    } else {
      counts.duplicate = part.duplicate
      counts.used = part.accepted - part.duplicate
    }
    self.init(
      itemID: item.itemID, status: message == nil ? .ok : .invalidInput,
      outcome: message == nil ? nodes.map(\.outcome).max { $0.weight < $1.weight } : nil,
      message: message, nodes: nodes, counts: counts, quarantined: quarantined)
  }

  private init(_ item: VerifyItem, _ status: ItemStatus, _ message: String) {
    self.init(
      itemID: item.itemID, status: status, outcome: nil, message: message, nodes: [],
      counts: RecordCounts(), quarantined: [])
  }

  init(transient item: VerifyItem, because message: String) {
    self.init(item, .transient, message)
  }

  init(unsupported item: VerifyItem, profiles: [String]) {
    self.init(
      item, .unsupported,
      "there is no profile \(item.profile.prefix(64)) here; there are "
        + profiles.joined(separator: ", "))
  }
}
