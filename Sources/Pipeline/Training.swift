import Contributions
import Detection
import Foundation
import Ingestion
import Profiles
import Verdicts

/// Logs in, a model out.
public struct Training: Sendable {
  public let settings: RunSettings
  /// Nodes known to be spoofed, by the bytes of their identities.
  public let spoofed: Set<[UInt8]>
  public let clock = StageClock()

  public init(_ settings: RunSettings, spoofed: Set<[UInt8]>) {
    self.settings = settings
    self.spoofed = spoofed
  }

  /// Learns from every node that no rule or relation accuses and no label calls spoofed.
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
      log, profile: settings.profile, policy: settings.policy, throughput: nil, clock: clock)
    let minimum =
      settings.policy.minimumRecords.map { Int($0) } ?? settings.profile.minimumRecords
    let table = try examination.table(minimumRecords: minimum, spoofed: spoofed)
    let model = TrainedModel(
      profile: settings.profile.name, name: name, version: version,
      detection: try await DetectionModel(training: table, tasks: settings.tasks),
      throughput: examination.relations.throughput)
    let card = ModelCard(
      model, epoch: log.epoch, books: log.books, nodes: table.rows,
      referenceNodes: table.isReference.count { $0 }, spoofed: spoofed.count)
    return (model, card)
  }

  /// The nodes that a labels file calls spoofed: a CSV with a header that has `node` and `label`,
  /// label 1 for spoofed. Fields may be quoted as in RFC 4180.
  ///
  /// - Throws: `PipelineError.badLabels`.
  public static func spoofedNodes(labels path: String) throws(PipelineError) -> Set<[UInt8]> {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .cannotRead(path: path)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .badLabels(path: path, reason: "it is not UTF-8")
    }
    var rows = LabelRows(text)
    guard let header = rows.next(), let node = header.firstIndex(of: "node"),
      let label = header.firstIndex(of: "label")
    else { throw .badLabels(path: path, reason: "its header lacks node or label") }
    var spoofed: Set<[UInt8]> = []
    var line = 1
    while let row = rows.next() {
      line += 1
      if row == [""] { continue }
      guard row.count > max(node, label), ["0", "1"].contains(row[label]) else {
        throw .badLabels(path: path, reason: "row \(line) has no node or no label of 0 or 1")
      }
      if row[label] == "1" { spoofed.insert(Array(row[node].utf8)) }
    }
    guard !rows.endsInsideQuotes else {
      throw .badLabels(path: path, reason: "row \(line) opens a quote that never closes")
    }
    return spoofed
  }
}

/// The rows of a CSV text (RFC 4180), without the byte-order mark that spreadsheets write.
struct LabelRows: IteratorProtocol {
  private var text: Substring.UnicodeScalarView
  private(set) var endsInsideQuotes = false

  init(_ text: String) {
    self.text = text.unicodeScalars[...]
    if self.text.first == "\u{FEFF}" { self.text.removeFirst() }
  }

  mutating func next() -> [String]? {
    guard !text.isEmpty else { return nil }
    var row: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    while let scalar = text.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if text.first == "\"" {
          text.removeFirst()
          field.append("\"")
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        row.append(String(field))
        field = String.UnicodeScalarView()
      } else if scalar == "\n" {
        break
      } else if scalar != "\r" {
        field.append(scalar)
      }
    }
    row.append(String(field))
    endsInsideQuotes = isQuoted
    return row
  }
}
