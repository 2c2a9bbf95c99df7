import Contributions
import Detection
import Foundation
import Ingestion
import Profiles
import Verdicts

/// Logs in, a model out.
public struct Training: Sendable {
  public let settings: RunSettings
  /// What was decided of nodes, by the bytes of their identities: whether they are spoofed.
  public let decisions: [[UInt8]: Bool]
  public let clock = StageClock()

  public init(_ settings: RunSettings, decisions: [[UInt8]: Bool]) {
    self.settings = settings
    self.decisions = decisions
  }

  /// Honest nodes below which a model would know too little: a third of them calibrates.
  static let minimumReference = 60

  /// Learns from every node that no rule or relation accuses and no decision calls spoofed, and
  /// from the decisions how to rank the others.
  ///
  /// - Throws: `IngestionError`; `DetectionError.badModel` when too few nodes are left.
  public func model(
    name: String, version: String, progress: IngestionProgress = IngestionProgress()
  ) async throws -> (model: TrainedModel, card: ModelCard) {
    let reader = LogReader(
      schema: settings.profile.schema, selection: settings.selection,
      memoryLimit: settings.memoryLimit, tasks: settings.tasks)
    let log = try await reader.read(settings.logs, progress: progress)
    let examination = try await Examination(
      log, profile: settings.profile, policy: settings.policy, throughput: nil,
      tasks: settings.tasks, clock: clock)
    let minimum =
      settings.policy.minimumRecords.map { Int($0) } ?? settings.profile.minimumRecords
    let table = try examination.table(minimumRecords: minimum)
    let decisions = decisions(on: examination.nodes)
    let spoofed = Set(decisions.filter(\.isSpoofed).map(\.row))
    let reference = (0..<table.rows).count { table.isReference[$0] && !spoofed.contains($0) }
    guard reference >= Self.minimumReference else {
      throw DetectionError.badModel(
        "training needs at least \(Self.minimumReference) honest nodes with enough records; this "
          + "log has \(reference)")
    }
    let model = TrainedModel(
      profile: settings.profile.name, name: name, version: version,
      detection: try await DetectionModel.fit(
        table, recipe: .nodes, decisions: decisions, tasks: settings.tasks),
      throughput: examination.relations.throughput)
    let quality = try await ModelQuality(
      of: model.detection, on: table, decisions: decisions, tasks: settings.tasks)
    let card = ModelCard(
      model, epoch: log.epoch, books: log.books, nodes: table.rows,
      referenceNodes: reference, decisions: decisions, quality: quality)
    return (model, card)
  }
  private func decisions(on nodes: [NodeProfile]) -> [Decision] {
    guard !decisions.isEmpty else { return [] }
    return nodes.indices.compactMap { row in
      decisions[Array(nodes[row].node.utf8)].map { Decision(row: row, isSpoofed: $0) }
    }
  }

  /// Decisions from a labels file: a CSV with a header that has `node` and `label` (1 for spoofed)
  /// or `outcome` (reject or accept).
  ///
  /// A node that was decided twice keeps the later decision: analysts change their minds.
  ///
  /// - Throws: `PipelineError.cannotRead`, `.badLabels`.
  public static func decisions(labels path: String) throws(PipelineError) -> [[UInt8]: Bool] {
    var decisions: [[UInt8]: Bool] = [:]
    for entry in try LabelFile(path: path, key: "node").entries {
      decisions[Array(entry.key.utf8)] = entry.isSpoofed
    }
    return decisions
  }
}
